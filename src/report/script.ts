/**
 * What the page does where scripts may run; without it nothing is missing but the age in words. It compares the time at
 * which the page was written with the clock of who looks, tells when the page is old, and loads it again each minute
 * unless somebody reads what is folded out, or marks text.
 */

/** One script. */
export const SCRIPT = `
(() => {
  const root = document.documentElement, age = document.getElementById('age'), { written, checked, old, renewed } = root.dataset;
  const span = (s) => s < 120 ? s + ' s' : s < 7200 ? Math.floor(s / 60) + ' min' : s < 172800 ? Math.floor(s / 3600) + ' h' : Math.floor(s / 86400) + ' d';
  const tell = () => {
    const now = Date.now(), seconds = Math.floor((now - checked) / 1000);
    if (checked) age.textContent = seconds < -5 ? '(in the future, by the clock of this device)' : '(' + span(Math.max(0, seconds)) + ' ago)';
    root.classList.toggle('late', now - written > old);
  };
  root.classList.add('live');
  tell();
  setInterval(tell, 5000);
  setInterval(() => {
    if (renewed && !document.querySelector('details[open]') && getSelection().isCollapsed) location.reload();
  }, 60000);
})();
`;
