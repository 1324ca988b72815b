// Package systemd reads the unit files of a system. It tells which units there are, whether they
// are enabled and by which links, which settings they have, and which units start at boot. It reads
// files only, so that a running host and an unbooted tree have the same result. It asks no manager.
// It covers system units, not units of users.
//
// # Two views
//
// Two programs read unit files, and they do not always agree.
//
// systemctl reads them to enable and disable units. [Unit.State], [Unit.Preset] and [Unit.Install]
// are its view. They hold the columns that systemctl list-unit-files prints with --root, and for
// instances of templates the state that systemctl is-enabled prints, as in systemd 252. In this
// view a unit can be [Bad] because of its [Install] section, a drop-in that is a folder, or a
// dangling link.
//
// The manager reads them to start units. [Unit.Load], [Unit.Path], [Unit.DropIns], [Unit.Values]
// and [Units.StartsAtBoot] are its view. The manager skips what it cannot use. A link that is no
// valid alias does not hide the unit file in a folder of lower precedence. Of a malformed drop-in
// the lines before the mistake apply.
//
// A check of settings needs the second view, and a check of enablement the first. A check whether a
// program will run needs both, since a unit that is not enabled may still start: by links that
// vendors ship, by dependencies, sockets or timers.
//
//	u, ok := us.Unit("telnet.socket")
//	running := ok && (u.State.Enabled() || us.StartsAtBoot(u.Name) || len(us.ActivatedBy(u.Name)) > 0)
//
// # What is read
//
// The package reads the folders of the search path of systemd.unit(5), from
// /etc/systemd/system.control to /run/systemd/generator.late, the targets of their links, the
// drop-ins of all units, and the preset files of systemd.preset(5). Each folder is listed once and
// each file read once. Links are resolved inside the tree. A failed read is an error of the [Fact],
// while missing folders and files are normal.
//
// A link to /dev/null is a mask even in a tree without devices, such as the image of a container.
// There systemctl --root reports an error for drop-ins that are masked in this way.
//
// # Versions
//
// The rules are those of systemd 252; tests show no difference to those of 247. UpheldBy= with its
// .upholds folders and the preset "ignore" came later. They count unless the tree is known, by the
// name of systemd's library, to have version 252 or older. In Also= and DefaultInstance= only
// specifiers that come from the unit's name are replaced, so not %H.
//
// # What is left out
//
// The package leaves out scripts in /etc/init.d, units of users, D-Bus names that start units, and
// units that generators would make at the next boot. On a running host the units that generators
// made at this boot are in /run and are read.
//
// Sources: systemd.unit(5), systemd.syntax(7), systemd.service(5), systemd.socket(5),
// systemd.timer(5), systemd.path(5), systemd.preset(5) and systemctl(1) of systemd 252. Where they
// are silent, the behavior of systemctl --root and systemd --test of that version counts.
package systemd
