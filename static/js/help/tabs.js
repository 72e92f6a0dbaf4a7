// Parts of an article that are alternatives become one row of tabs. What somebody chooses is chosen
// wherever the same label stands. Without this all parts are shown, each under its label.
(() => {
  let count = 0;

  const show = (tabs, chosen) => {
    tabs.forEach((tab) => {
      const is = tab === chosen;
      tab.setAttribute('aria-selected', String(is));
      tab.tabIndex = is ? 0 : -1;
      document.getElementById(tab.getAttribute('aria-controls')).hidden = !is;
    });
  };

  const chooseEverywhere = (label) => {
    document.querySelectorAll('.tabs__row').forEach((row) => {
      const tabs = [...row.children];
      const same = tabs.find((tab) => tab.textContent === label);
      if (same) show(tabs, same);
    });
  };

  const choose = (tab) => {
    const before = tab.getBoundingClientRect().top;
    chooseEverywhere(tab.textContent);
    show([...tab.parentElement.children], tab);
    window.scrollBy(0, tab.getBoundingClientRect().top - before);
    tab.focus();
  };

  const walk = (event) => {
    const tabs = [...event.currentTarget.children];
    const steps = { ArrowRight: 1, ArrowLeft: -1 };
    const at = tabs.indexOf(document.activeElement);
    const to = { Home: 0, End: tabs.length - 1 }[event.key] ?? (event.key in steps ? at + steps[event.key] : null);
    if (to === null || at < 0) return;
    event.preventDefault();
    choose(tabs.at(to % tabs.length));
  };

  const enhance = (box) => {
    const parts = [...box.querySelectorAll(':scope > .tab')];
    if (box.dataset.tabbed !== undefined || parts.length < 2) return;
    const row = document.createElement('div');
    row.className = 'tabs__row';
    row.setAttribute('role', 'tablist');
    const tabs = parts.map((part) => {
      count += 1;
      const tab = document.createElement('button');
      const label = part.querySelector(':scope > .tab__label');
      tab.type = 'button';
      tab.className = 'tabs__tab';
      tab.id = `tabs-tab-${count}`;
      tab.textContent = label ? label.textContent : String(parts.indexOf(part) + 1);
      tab.setAttribute('role', 'tab');
      tab.setAttribute('aria-controls', `tabs-part-${count}`);
      part.id = `tabs-part-${count}`;
      part.setAttribute('role', 'tabpanel');
      part.setAttribute('aria-labelledby', tab.id);
      tab.addEventListener('click', () => choose(tab));
      row.append(tab);
      return tab;
    });
    row.addEventListener('keydown', walk);
    parts[0].before(row);
    box.dataset.tabbed = '';
    show(tabs, tabs[0]);
  };

  htmx.onLoad((root) => {
    if (root.matches?.('.tabs')) enhance(root);
    root.querySelectorAll('.tabs').forEach(enhance);
  });

  // a part that is not shown may be where a link leads
  const reveal = () => {
    const there = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const part = there && there.closest('.tab[hidden]');
    if (!part) return;
    choose(document.getElementById(part.getAttribute('aria-labelledby')));
    there.scrollIntoView();
  };
  window.addEventListener('hashchange', reveal);
  window.addEventListener('load', reveal);
})();
