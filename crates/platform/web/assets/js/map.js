// A map drawn on the server becomes one that can be zoomed and moved. What it shows is read from the
// drawing itself; nothing is fetched but the library, and where that fails the drawing stays.

const load = (element, address) => new Promise((done, failed) => {
  element.onload = done;
  element.onerror = failed;
  element[element.tagName === 'LINK' ? 'href' : 'src'] = address;
  document.head.append(element);
});

const rings = (path) => path.getAttribute('d').split('Z').filter(Boolean)
  .map((ring) => ring.split(/[ML]/).filter(Boolean).map((point) => {
    const [x, y] = point.split(' ').map(Number);
    return [-y, x];
  }));

const card = (text) => {
  const element = document.createElement('span');
  element.textContent = text;
  return element;
};

// The fillings once more, in the size of the screen instead of that of the drawing.
const marksOf = (box) => {
  const marks = box.parentElement.querySelector('.map-marks').cloneNode(true);
  for (const pattern of marks.querySelectorAll('pattern')) {
    pattern.id = `live-${pattern.id}`;
    pattern.setAttribute('patternTransform', 'scale(0.08)');
  }
  box.before(marks);
  return (path) => path.getAttribute('fill').replace('#', '#live-');
};

const start = async (box) => {
  const drawing = box.querySelector('svg.map');
  const css = document.createElement('link');
  css.rel = 'stylesheet';
  await load(css, box.dataset.sheet);
  await load(document.createElement('script'), box.dataset.library);
  const { L } = window;
  const holder = document.createElement('div');
  holder.className = 'map-live';
  holder.setAttribute('role', 'application');
  holder.setAttribute('aria-label', drawing.getAttribute('aria-label'));
  drawing.after(holder);
  const map = L.map(holder, {
    crs: L.CRS.Simple, minZoom: -6, zoomSnap: 0.25, attributionControl: false, zoomControl: false, scrollWheelZoom: false,
  });
  L.control.zoom({ zoomInTitle: box.dataset.in, zoomOutTitle: box.dataset.out }).addTo(map);
  const fill = marksOf(box);
  const areas = [...drawing.querySelectorAll('path.area')].map((path) => {
    const told = path.querySelector('title').textContent;
    const link = path.closest('a');
    const area = L.polygon(rings(path), {
      className: 'area', fillColor: fill(path), fillOpacity: 1, weight: 1, interactive: true,
    }).bindTooltip(() => card(told), { sticky: true });
    const href = link && link.getAttribute('href');
    if (href) area.on('click', () => { window.location.href = href; });
    return { area: area.addTo(map), told, href };
  });
  const whole = L.featureGroup(areas.map(({ area }) => area)).getBounds();
  map.fitBounds(whole);
  map.setMaxBounds(whole.pad(0.5));
  drawing.remove();
  find(box, map, areas, whole);
};

// Who does not use a pointer finds a place by its name: the map goes there and its page is a link.
const find = (box, map, areas, whole) => {
  const form = box.querySelector('[data-map-find]');
  const [choice, link] = [form.querySelector('select'), form.querySelector('a')];
  areas.forEach(({ told }, index) => {
    const option = new Option(told, String(index));
    option.dataset.content = '';
    choice.append(option);
  });
  form.hidden = false;
  choice.addEventListener('change', () => {
    const chosen = areas[choice.value];
    areas.forEach(({ area }) => area.closeTooltip());
    link.hidden = !chosen || !chosen.href;
    if (!chosen) return map.fitBounds(whole);
    map.fitBounds(chosen.area.getBounds(), { maxZoom: map.getBoundsZoom(whole) + 2 });
    chosen.area.openTooltip(chosen.area.getBounds().getCenter());
    if (chosen.href) link.href = chosen.href;
    return map;
  });
};

for (const box of document.querySelectorAll('[data-map]')) start(box).catch(() => {});
