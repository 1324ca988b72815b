package systemd_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

const booting = `
-- usr/lib/systemd/system/default.target link=graphical.target --
-- usr/lib/systemd/system/graphical.target --
[Unit]
Requires=multi-user.target
-- usr/lib/systemd/system/multi-user.target --
[Unit]
Requires=basic.target
-- usr/lib/systemd/system/basic.target --
[Unit]
Requires=sysinit.target
Wants=sockets.target timers.target paths.target
-- usr/lib/systemd/system/sysinit.target --
-- usr/lib/systemd/system/sockets.target --
[Unit]
-- usr/lib/systemd/system/timers.target --
[Unit]
-- usr/lib/systemd/system/paths.target --
[Unit]
-- etc/systemd/system/multi-user.target.wants/web.service link=/usr/lib/systemd/system/web.service --
-- usr/lib/systemd/system/web.service --
[Unit]
Wants=side@%p.service gone.service masked.service
[Service]
ExecStart=/bin/web
-- usr/lib/systemd/system/side@.service --
[Unit]
BindsTo=deep.service
[Service]
ExecStart=/bin/side
-- usr/lib/systemd/system/deep.service --
[Unit]
Wants=web.service
[Service]
ExecStart=/bin/deep
-- usr/lib/systemd/system/masked.service link=/dev/null --
-- usr/lib/systemd/system/idle.service --
[Service]
ExecStart=/bin/idle
[Install]
WantedBy=multi-user.target
-- etc/systemd/system/sockets.target.wants/ftp.socket link=x --
-- usr/lib/systemd/system/ftp.socket --
[Socket]
ListenStream=21
Accept=yes
-- usr/lib/systemd/system/ftp@.service --
[Service]
ExecStart=/bin/ftp
-- etc/systemd/system/sockets.target.wants/db.socket link=x --
-- usr/lib/systemd/system/db.socket --
[Socket]
ListenStream=99
Service=database.service
-- usr/lib/systemd/system/database.service --
[Service]
ExecStart=/bin/db
-- usr/lib/systemd/system/off.socket --
[Socket]
ListenStream=7
-- usr/lib/systemd/system/off.service --
[Service]
ExecStart=/bin/off
-- etc/systemd/system/timers.target.wants/job.timer link=x --
-- usr/lib/systemd/system/job.timer --
[Timer]
OnBootSec=1
-- etc/systemd/system/paths.target.wants/watch.path link=x --
-- usr/lib/systemd/system/watch.path --
[Path]
PathExists=/x
Unit=job.service
-- usr/lib/systemd/system/job.service --
[Service]
ExecStart=/bin/job
-- etc/systemd/system/alias.service link=job.service --
-- etc/systemd/system/multi-user.target.wants/proc.automount link=x --
-- usr/lib/systemd/system/proc.automount --
[Automount]
Where=/proc/x
-- usr/lib/systemd/system/proc.mount --
[Mount]
What=x
-- usr/lib/systemd/system/ring1.service link=ring2.service --
-- usr/lib/systemd/system/ring2.service link=ring1.service --
`

func TestBoot(t *testing.T) {
	us := units(t, booting)
	if name, ok := us.DefaultTarget(); name != "graphical.target" || !ok {
		t.Errorf("default target: got %s, %v", name, ok)
	}
	for name, want := range map[string]string{
		"default.target":    "graphical.target",
		"multi-user.target": "graphical.target multi-user.target",
		"sysinit.target":    "", // an empty file is a mask
		"web.service":       "graphical.target multi-user.target web.service",
		"side@web.service":  "graphical.target multi-user.target web.service side@web.service",
		"deep.service":      "graphical.target multi-user.target web.service side@web.service deep.service",
		"side@x.service":    "",
		"side@.service":     "",
		"masked.service":    "",
		"gone.service":      "",
		"idle.service":      "",
		"job.service":       "",
		"ring1.service":     "",
		"nonsense":          "",
		"ftp.socket":        "graphical.target multi-user.target basic.target sockets.target ftp.socket",
	} {
		if got := strings.Join(us.BootChain(name), " "); got != want || us.StartsAtBoot(name) != (want != "") {
			t.Errorf("%s: got %q, %v, want %q", name, got, us.StartsAtBoot(name), want)
		}
	}
	for name, want := range map[string][]string{
		"ftp@.service":     {"ftp.socket"},
		"ftp.service":      nil,
		"database.service": {"db.socket"},
		"db.service":       nil,
		"off.service":      nil,
		"job.service":      {"job.timer", "watch.path"},
		"alias.service":    {"job.timer", "watch.path"},
		"proc.mount":       {"proc.automount"},
		"web.service":      nil,
		"nonsense":         nil,
	} {
		if diff := cmp.Diff(us.ActivatedBy(name), want); diff != "" {
			t.Errorf("%s: -got +want:\n%s", name, diff)
		}
	}
}

func TestNothingToBootInto(t *testing.T) {
	for name, fixture := range map[string]string{
		"no default":     "-- etc/systemd/system/a.service --\n[Service]\n",
		"dangling":       "-- etc/systemd/system/default.target link=none.target --\n",
		"a ring":         "-- etc/systemd/system/default.target link=a.target --\n-- etc/systemd/system/a.target link=default.target --\n",
		"another type":   "-- etc/systemd/system/default.target link=a.service --\n-- etc/systemd/system/a.service --\n[Service]\n",
		"itself, masked": "-- etc/systemd/system/default.target link=/dev/null --\n",
	} {
		us := units(t, fixture)
		if us.StartsAtBoot("default.target") || us.StartsAtBoot("a.service") {
			t.Errorf("%s: something starts", name)
		}
		if got, ok := us.DefaultTarget(); ok != (name == "itself, masked") {
			t.Errorf("%s: got default target %q, %v", name, got, ok)
		}
	}
}

// Words that systemd 252 does not know count unless the tree is known to have 252 or older.
func TestVersions(t *testing.T) {
	const tree = `
-- usr/lib/systemd/system/up.service --
[Service]
ExecStart=/bin/up
[Install]
UpheldBy=x.target
-- etc/systemd/system/x.target.upholds/held.service link=x --
-- etc/systemd/system/x.target.wants/up@a.service link=x --
-- usr/lib/systemd/system/held.service --
[Service]
ExecStart=/bin/held
-- usr/lib/systemd/system/default.target --
[Unit]
Wants=x.target
-- usr/lib/systemd/system/x.target --
[Unit]
-- usr/lib/systemd/system-preset/10.preset --
ignore held.service
disable *
`
	for library, later := range map[string]bool{
		"":                                true,
		"usr/lib/systemd/libsystemd-core": true,
		"usr/lib/systemd/libsystemd-shared-252.so":                   false,
		"usr/lib64/systemd/libsystemd-shared-252.4-598.fc38.so":      false,
		"usr/lib64/systemd/libsystemd-shared-257.so":                 true,
		"usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-247.so":  false,
		"usr/lib/aarch64-linux-gnu/systemd/libsystemd-shared-257.so": true,
		"lib/systemd/libsystemd-shared-241.so":                       false,
	} {
		fixture := tree
		if library != "" {
			fixture += "-- " + library + " --\n"
		}
		us := units(t, fixture)
		up, held, preset := systemd.Static, systemd.Static, systemd.PresetNone
		if later {
			up, held, preset = systemd.Disabled, systemd.Enabled, systemd.PresetIgnore
		}
		u, _ := us.Unit("held.service")
		if got := us.State("up.service"); got != up || u.State != held || u.Preset != preset ||
			us.StartsAtBoot("held.service") != later {
			t.Errorf("%s: got %s, %s, %q, %v", library, got, u.State, u.Preset, us.StartsAtBoot("held.service"))
		}
	}
}
