const sentences = {
  ok: "Ready: the API works.",
  degraded: "Degraded: the API works, but slower than usual or with delays.",
  unavailable: "Unavailable: the API cannot process requests now.",
};
const words = { ok: "works", failed: "does not respond" };

const show = (element, state, text) => {
  element.dataset.state = state;
  // Set the text only when it differs, because a screen reader reads it out again after each change.
  if (element.textContent !== text) element.textContent = text;
};

const refresh = async () => {
  const summary = document.querySelector("#summary");
  const parts = document.querySelector("#parts");
  try {
    const response = await fetch("/api/ready", { signal: AbortSignal.timeout(10_000) });
    const ready = await response.json();
    show(summary, ready.status, sentences[ready.status]);
    for (const part of parts.querySelectorAll("[data-part]")) {
      const state = ready[part.dataset.part];
      show(part, state, words[state]);
    }
    parts.hidden = false;
  } catch {
    show(summary, "unavailable", "The API does not respond.");
    parts.hidden = true;
  }
};

await refresh();
setInterval(refresh, 15_000);
