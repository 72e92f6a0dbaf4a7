// A film's page: chapters and lines lead to their place in it, the line that is said is marked, and
// what is elsewhere is asked for nothing before somebody presses.
(() => {
  'use strict';

  const frame = (screen, at) => {
    const made = document.createElement('iframe');
    const address = new URL(screen.dataset.embed);
    if (at) address.searchParams.set('start', String(Math.floor(at)));
    if (at && address.hostname === 'player.vimeo.com') address.hash = `t=${Math.floor(at)}s`;
    made.src = address;
    made.title = screen.dataset.title;
    made.className = 'watch__frame';
    made.allow = 'autoplay; fullscreen; picture-in-picture';
    made.referrerPolicy = 'strict-origin-when-cross-origin';
    screen.replaceChildren(made);
    made.focus();
  };

  const go = (screen, at) => {
    if (screen.dataset.embed) {
      frame(screen, at);
      return;
    }
    screen.currentTime = at;
    screen.play().catch(() => {}); // whoever forbids it presses play
    screen.scrollIntoView({ block: 'nearest' });
  };

  const follow = (film, moments) => {
    film.addEventListener('timeupdate', () => {
      for (const moment of moments) {
        const until = Number(moment.dataset.until ?? Infinity);
        const now = Number(moment.dataset.at) <= film.currentTime && film.currentTime < until;
        moment.toggleAttribute('data-now', now);
      }
    });
  };

  const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

  const search = (field, lines, status) => {
    field.addEventListener('input', () => {
      const wanted = plain(field.value.trim());
      let found = 0;
      for (const line of lines) {
        const fits = plain(line.textContent).includes(wanted);
        line.parentElement.hidden = !fits;
        found += fits;
      }
      status.textContent = wanted && (found ? `${found} ${status.dataset.some}` : status.dataset.none);
      status.classList.toggle('visually-hidden', !wanted || found > 0);
    });
  };

  const begin = () => {
    const page = document.querySelector('[data-watch]');
    const screen = page?.querySelector('#film');
    if (!screen) return;
    page.addEventListener('click', (event) => {
      const moment = event.target.closest('a[data-at]');
      if (event.target.closest('[data-load]')) frame(screen, 0);
      if (!moment || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(screen, Number(moment.dataset.at));
    });
    const lines = [...page.querySelectorAll('[data-said] a')];
    if (!screen.dataset.embed) follow(screen, lines);
    const field = page.querySelector('[data-in-words]');
    if (field) search(field, lines, page.querySelector('[data-hits]'));
    const at = Number(new URLSearchParams(location.search).get('t'));
    if (at > 0 && !screen.dataset.embed) screen.currentTime = at;
  };

  begin(); // the bundle is deferred: the page is there
})();
