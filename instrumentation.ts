/** Runs once when the server starts, before it takes requests: a bad setting stops the server and not a customer. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { boot } = await import("./lib/gateway/boot");
  await boot();
}
