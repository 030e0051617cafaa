// Runs beside `wrangler dev`: says what to open once it serves, and stands in for the cron, which it does not fire.

const origin = process.argv[2];
const aMinute = 60_000;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const ask = (route) => fetch(origin + route).catch(() => undefined);

while (!(await ask('/health'))?.ok) await pause(250);

console.error(`
  Lanekeeper serves on \x1b[1m${origin}\x1b[0m

  Open   ${origin}
         the welcome page, with a phone to text from
  Sign   ${origin}/desk
  in     the staff's desk, as owner@demo.example, advisor@demo.example, second-advisor@demo.example or viewer@demo.example,
         each with the password demo-password
  Ask    curl ${origin}/health
         curl -H 'authorization: Bearer demo-api-key' ${origin}/api/v1/stores/lakeside/appointments

  Settings are in .dev.vars. Ctrl-C stops; the data stays until make reset.
`);

for (;;) {
  await pause(aMinute);
  await ask('/cdn-cgi/local/scheduled');
}
