// Ticks what counts down. The server's clock rules: data-now tells how far ours is off.
(() => {
  'use strict';
  const skew = Date.parse(document.documentElement.dataset.now) - Date.now() || 0;
  const now = () => Date.now() + skew;
  const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: 'auto' });
  const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60]];

  const pair = (whole, unit, rest, small) => (rest ? `${whole} ${unit} ${rest} ${small}` : `${whole} ${unit}`);
  const duration = (seconds) => {
    const minutes = Math.floor(seconds / 60);
    if (minutes < 1) return `${Math.floor(seconds)} s`;
    if (minutes < 60) return `${minutes} min`;
    if (minutes < 1440) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
    return pair(Math.floor(minutes / 1440), 'd', Math.floor((minutes % 1440) / 60), 'h');
  };

  const write = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };

  const tickClock = (clock) => {
    const left = (Date.parse(clock.dataset.due) - now()) / 1000;
    if (left < 0) clock.dataset.state = 'breached';
    const words = left < 0 ? clock.dataset.over : clock.dataset.left;
    write(clock.querySelector('.clock__left'), words.replace('{}', duration(Math.abs(left))));
    return Math.abs(left) < 120;
  };

  const tickDimension = (progress) => {
    progress.value = Math.min((now() - Date.parse(progress.dataset.start)) / 1000, progress.max);
  };

  const tickAgo = (time) => {
    const seconds = (Date.parse(time.dateTime) - now()) / 1000;
    const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) || ['minute', 60];
    write(time, relative.format(Math.trunc(seconds / size), unit));
  };

  const tick = () => {
    const hurried = [...document.querySelectorAll('.clock[data-due]')].map(tickClock).some(Boolean);
    document.querySelectorAll('progress[data-start]').forEach(tickDimension);
    document.querySelectorAll('time[data-ago]').forEach(tickAgo);
    return hurried;
  };

  let timer;
  const run = () => {
    clearTimeout(timer);
    const hurried = !document.hidden && tick();
    timer = setTimeout(run, hurried ? 1000 : 15000);
  };
  document.addEventListener('DOMContentLoaded', run);
  document.addEventListener('visibilitychange', run);
  document.addEventListener('htmx:afterSettle', run);
})();
