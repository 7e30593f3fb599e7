const sentences = {
  ok: "Ready: requests are served.",
  degraded: "Degraded: requests are served, more slowly or later than usual.",
  unavailable: "Unavailable: requests cannot be served right now.",
};
const words = { ok: "works", failed: "does not answer" };

const show = (element, state, text) => {
  element.dataset.state = state;
  // Said again, it would be read out again.
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
    show(summary, "unavailable", "The API does not answer.");
    parts.hidden = true;
  }
};

await refresh();
setInterval(refresh, 15_000);
