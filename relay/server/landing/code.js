/** What is wrong with a code, and what to do, by the relay's error code. */
const PROBLEMS = new Map([
  ['code-unknown', 'There is no such code, or it is over. Ask for a new one.'],
  ['rate-limited', 'That were many tries. Wait a minute, then try again.'],
]);
const UNREACHED = 'The code could not be looked up just now. Try again.';
const DIGITS = 8;

/** @param {string} id */
function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element ${id}`);
  return element;
}

/** @param {string} text */
function showProblem(text) {
  byId('problem').textContent = text;
  byId('code').setAttribute('aria-invalid', String(text !== ''));
  if (text !== '') byId('code').focus();
}

const base = location.origin + location.pathname.replace(/\/join\/?$/, '');

/** @param {string} code */
async function follow(code) {
  try {
    const response = await fetch(`${base}/v1/codes/${code}`, { method: 'POST', body: '{}' });
    const answer = await response.json();
    if (!response.ok) return showProblem(PROBLEMS.get(answer.code) ?? UNREACHED);
    location.assign(`${base}/join/${answer.room}#${answer.invite}`);
  } catch {
    showProblem(UNREACHED);
  }
}

byId('code').focus();
byId('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const code = /** @type {HTMLInputElement} */ (byId('code')).value.replace(/\D/g, '');
  showProblem(code.length === DIGITS ? '' : 'A code has eight digits.');
  if (code.length === DIGITS) void follow(code);
});
