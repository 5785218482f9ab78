const HIDDEN_MS = 250;

/** Runs `work` with the next frame. A page that is not seen has no frames, so there a clock stands in. */
export function nextFrame(work: () => void): void {
  if (document.hidden) setTimeout(work, HIDDEN_MS);
  else requestAnimationFrame(work);
}
