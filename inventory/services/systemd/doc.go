// Package systemd tells what the unit files of a system say: which units there are,
// whether they are enabled, by which links, with which settings, and what starts at
// boot. It reads files only and so answers alike for a running host and for an
// unbooted tree; it asks no manager and covers system units, not those of users.
//
// # Two views
//
// Two programs look at unit files, and they do not always agree.
//
// systemctl looks at them to enable and disable. [Unit.State], [Unit.Preset] and
// [Unit.Install] are its view: the columns of systemctl list-unit-files with --root,
// and the answers of systemctl is-enabled for instances of templates, as systemd 252
// gives them. In it a unit can be [Bad] because of its [Install] section, a drop-in
// that is a folder, or a link that leads nowhere.
//
// The manager looks at them to start units. [Unit.Load], [Unit.Path], [Unit.DropIns]
// and [Unit.Values] are its view, and so is [Units.StartsAtBoot]. It passes over what
// it cannot use: a link that is no valid alias does not hide the unit file in a folder
// of lower precedence, and of a malformed drop-in it applies what stands before the
// mistake.
//
// A check of settings wants the second view, one of enablement the first; one that
// asks whether a program will run wants both, for a unit that is not enabled may start
// all the same: links that vendors ship, dependencies, sockets and timers see to that.
//
//	u, ok := us.Unit("telnet.socket")
//	running := ok && (u.State.Enabled() || us.StartsAtBoot(u.Name) || len(us.ActivatedBy(u.Name)) > 0)
//
// # What is read
//
// The folders of the search path of systemd.unit(5), from /etc/systemd/system.control
// to /run/systemd/generator.late, whatever their links lead to, the drop-ins of all
// units, and the preset files of systemd.preset(5): each folder is listed once and
// each file read once. Links are resolved inside the tree. What cannot be read is an
// error of the [Fact]; that folders and files are not there is normal.
//
// A link to /dev/null is a mask even in a tree without devices, such as the image of a
// container, where systemctl --root finds fault with drop-ins masked in that way.
//
// # Versions
//
// The rules are those of systemd 252, which are those of 247 as far as tests can tell.
// What came later, UpheldBy= with its .upholds folders and the preset "ignore", counts
// unless systemd in the tree is known, by the name of its library, to be 252 or
// older. Specifiers that need more than a unit's name, such as %H, are not replaced in
// Also= and DefaultInstance=.
//
// # What is left out
//
// Scripts in /etc/init.d, units of users, D-Bus names that start units, and what
// generators would make at the next boot; on a running host the units that they made
// at this one are in /run and are seen.
//
// Sources: systemd.unit(5), systemd.syntax(7), systemd.service(5), systemd.socket(5),
// systemd.timer(5), systemd.path(5), systemd.preset(5) and systemctl(1) of systemd 252;
// where they are silent, what systemctl --root and systemd --test of that version do.
package systemd
