// The board: cards are dragged by their handles, or moved by arrow keys; each move sends the card's
// own form, so that whoever has no script has the same.
(() => {
  'use strict';
  const FAR = 6;
  const STAGES = ['planned', 'in_progress', 'shipped'];

  const send = (card, { stage, quarter, where, before = '' }) => {
    const form = card.querySelector('[data-move]');
    const { elements } = form;
    const set = (name, value) => {
      const field = elements[name];
      if (field.options && ![...field.options].some((one) => one.value === value)) field.add(new Option('', value));
      field.value = value;
    };
    set('stage', stage);
    set('quarter', quarter);
    set('where', where);
    set('before', before);
    form.requestSubmit();
  };

  const listOf = (card) => card.closest('[data-stage]');

  const step = (card, key) => {
    const { stage, quarter } = listOf(card).dataset;
    if (key === 'ArrowUp') return send(card, { stage, quarter, where: 'up' });
    if (key === 'ArrowDown') return send(card, { stage, quarter, where: 'down' });
    const next = STAGES[STAGES.indexOf(stage) + (key === 'ArrowRight' ? 1 : -1)];
    return next ? send(card, { stage: next, quarter, where: 'last' }) : undefined;
  };

  document.addEventListener('keydown', (event) => {
    const handle = event.target.closest?.('[data-handle]');
    if (!handle || !event.key.startsWith('Arrow')) return;
    event.preventDefault();
    if (!event.repeat) step(handle.closest('[data-card]'), event.key);
  });

  const drag = (handle, start) => {
    const card = handle.closest('[data-card]');
    const mark = document.createElement('li');
    mark.className = 'roadmap-mark';
    let under;
    const place = ({ clientX: x, clientY: y }) => {
      if (!under && Math.hypot(x - start.clientX, y - start.clientY) < FAR) return;
      card.classList.add('roadmap-card--dragged');
      card.style.translate = `${x - start.clientX}px ${y - start.clientY}px`;
      const found = document.elementsFromPoint(x, y);
      const list = found.find((one) => one.matches('[data-stage]')) ?? found.find((one) => one.matches('.roadmap-column'))?.querySelector('[data-stage]:last-of-type');
      if (!list) return;
      under = list;
      const others = [...list.querySelectorAll('[data-card]')].filter((one) => one !== card);
      const next = others.find((one) => { const box = one.getBoundingClientRect(); return y < box.top + box.height / 2; });
      list.insertBefore(mark, next ?? null);
      mark.dataset.before = next?.dataset.card ?? '';
    };
    const end = () => {
      handle.removeEventListener('pointermove', place);
      card.classList.remove('roadmap-card--dragged');
      card.style.translate = '';
      mark.remove();
    };
    const drop = () => {
      const { before } = mark.dataset;
      end();
      if (under) send(card, { ...under.dataset, where: before ? 'before' : 'last', before });
    };
    handle.setPointerCapture(start.pointerId);
    handle.addEventListener('pointermove', place);
    handle.addEventListener('pointerup', drop, { once: true });
    handle.addEventListener('pointercancel', () => { under = undefined; end(); }, { once: true });
  };

  document.addEventListener('pointerdown', (event) => {
    const handle = event.target.closest?.('[data-handle]');
    if (handle && event.button === 0) drag(handle, event);
  });

  document.addEventListener('htmx:afterSwap', () => {
    const board = document.querySelector('[data-board-of-items]');
    if (!board) return;
    document.querySelector('#board-said').textContent = board.dataset.said;
    if (board.dataset.focus) document.getElementById(board.dataset.focus)?.focus();
    board.dataset.focus = '';
  });
})();
