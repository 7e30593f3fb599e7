import { pictureDescription } from "../drawing/description.ts";
import type { TextBuilder } from "../text-builder.ts";
import type { State } from "./state.ts";

/** Pictures, whose description is a property of the picture or of the shape around it. */
export class Pictures {
  readonly #builder: TextBuilder;
  #count = 0;
  /** Of the picture or shape that is being read. */
  description = "";

  constructor(builder: TextBuilder) {
    this.#builder = builder;
  }

  add(): void {
    this.#count += 1;
  }

  /** Begins a picture or a shape, at whose end its description is read, or the picture is reported. */
  begin(state: State): void {
    if (state.isPictureKnown) return;
    state.isPictureKnown = true;
    const before = this.#count;
    this.description = "";
    state.onClose = () => {
      const text = pictureDescription(this.description);
      this.description = "";
      if (text !== "") state.flow.addAfter([{ kind: "caption", text }]);
      else if (this.#count > before) this.#builder.warn("images-unread");
    };
  }
}
