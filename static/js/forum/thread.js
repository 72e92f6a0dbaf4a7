// A thread: how far one has read, and quotes that go into the reply without leaving the page.
(() => {
  'use strict';
  const PAUSE = 1500;

  const follow = (thread) => {
    let furthest = Number(thread.dataset.read ?? -1);
    let told = furthest;
    let timer;
    const tell = () => {
      if (furthest <= told) return;
      told = furthest;
      const said = new URLSearchParams({ read_to: told });
      const token = JSON.parse(document.body.getAttribute('hx-headers') ?? '{}');
      fetch(thread.dataset.thread, { method: 'POST', body: said, headers: token, keepalive: true }).catch(() => { told = -1; });
    };
    const seen = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) furthest = Math.max(furthest, Number(target.dataset.number));
      }
      clearTimeout(timer);
      timer = setTimeout(tell, PAUSE);
    });
    for (const post of thread.querySelectorAll('[data-number]')) seen.observe(post);
    document.addEventListener('visibilitychange', () => { if (document.hidden) tell(); });
  };

  const chosen = (post) => {
    const selection = getSelection();
    const inside = selection.rangeCount && post.contains(selection.anchorNode) && post.contains(selection.focusNode);
    return inside ? selection.toString().trim() : '';
  };

  const quote = async (link) => {
    const box = document.querySelector('#answer-body');
    const post = link.closest('.post');
    const words = chosen(post);
    const answer = await fetch(link.dataset.quote);
    if (!answer.ok) { location.href = link.href; return; }
    let text = await answer.text();
    if (words) text = [text.split('\n')[0], ...words.split('\n').map((line) => `> ${line}`)].join('\n');
    box.value = `${box.value.trimEnd()}\n\n${text}\n\n`.trimStart();
    box.dispatchEvent(new InputEvent('input', { bubbles: true }));
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
    box.scrollIntoView({ block: 'center' });
  };

  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('[data-quote]');
    if (!link || event.ctrlKey || event.metaKey || !document.querySelector('#answer-body')) return;
    event.preventDefault();
    quote(link).catch(() => { location.href = link.href; });
  });
  document.addEventListener('DOMContentLoaded', () => {
    const thread = document.querySelector('[data-thread]');
    if (thread && document.querySelector('#answer')) follow(thread);
  });
})();
