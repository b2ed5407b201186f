// "You are Ana Ruiz (admin)": who the page is seen as, and the way to become somebody else.

import { avatar } from '../ui/avatar.js';
import { h } from '../ui/dom.js';
import { icon } from '../ui/icons.js';
import { attachMenu } from '../ui/menu.js';

export function roleOf(person) {
  if (person.deleted) return 'deactivated';
  if (person.is_external) return 'from another company';
  if (person.is_owner) return 'owner';
  if (person.is_admin) return 'admin';
  if (person.is_restricted) return 'guest';
  return 'member';
}

export function createPersonSwitcher(app) {
  const { me, people, teams, team } = app.store;
  const role = roleOf(me);
  const button = h('button', { class: 'switcher', type: 'button', 'aria-label': `You are ${me.real_name} (${role}), switch person` },
    avatar({ id: me.id, name: me.real_name, color: me.color }, 'small'),
    h('span', { class: 'switcher__text' }, h('span', { class: 'switcher__lead' }, 'You are '), h('strong', {}, me.real_name), h('span', { class: 'switcher__role' }, ` (${role})`)),
    icon('chevron', 14));
  attachMenu(button, () => [
    { heading: true, label: 'See the team as' },
    ...people.map((person) => ({
      label: person.real_name,
      description: `@${person.handle}, ${roleOf(person)}, ${person.tz}`,
      lead: avatar({ id: person.id, name: person.real_name, color: person.color }, 'small'),
      checked: person.id === me.id,
      href: app.urlOf({ as: person.id, thread: null, tab: null }),
    })),
    ...(teams.length > 1 ? [{ heading: true, label: 'Teams' }, ...teams.map((other) => ({
      label: other.name, description: other.installed ? `${app.store.app.name} is installed` : `${app.store.app.name} is not installed`,
      checked: other.id === team.id, href: app.teamUrl(other.id),
    }))] : []),
    { heading: true, label: 'Open one in a new tab to be two people at once.' },
  ], { label: 'People', className: 'menu--people' });
  return button;
}
