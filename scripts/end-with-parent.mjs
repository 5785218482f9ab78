// @ts-check
// Preloaded into programs that know nothing of us, so that they end when we do, even when we are killed.

if (process.env.END_WITH_PARENT) {
  delete process.env.END_WITH_PARENT; // for this one process, not for those it starts
  process.channel?.unref();
  process.on("disconnect", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 3000);
  });
}
