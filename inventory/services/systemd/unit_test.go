package systemd_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

func values(u *systemd.Unit, section, key string) string {
	var all []string
	for _, v := range u.Values(section, key) {
		all = append(all, fmt.Sprintf("%s@%s:%d", v.Text, v.Source[strings.LastIndexByte(v.Source, '/')+1:], v.Line))
	}
	return strings.Join(all, ", ")
}

const merged = `
-- usr/lib/systemd/system/a.service --
[Unit]
Wants=one.service
ConditionPathExists=/a
ConditionUser=root
AssertPathExists=/b
[Service]
ExecStart=/bin/a
ExecStartPre=/bin/pre
User=a
NoNewPrivileges=no
[Service]
User=b
-- usr/lib/systemd/system/a.service.d/20-vendor.conf --
[Service]
ExecStart=
ExecStart=/bin/vendor
-- etc/systemd/system/a.service.d/10-own.conf --
[Unit]
Wants=
Wants=two.service
ConditionHost=
[Service]
User=c
ExecStart=/bin/own
NoNewPrivileges=yes
-- etc/systemd/system/a.service.d/30-last.conf --
[Service]
User=
Group=g
-- usr/lib/systemd/system/a.socket --
[Socket]
ListenStream=80
ListenDatagram=80
ListenFIFO=
ListenStream=443
-- usr/lib/systemd/system/a.timer --
[Timer]
OnBootSec=1
OnCalendar=
OnCalendar=daily
-- usr/lib/systemd/system/b.service --
[Service]
ExecStart=/bin/b
[Bad
-- etc/systemd/system/c.service link=/dev/null --
-- usr/lib/systemd/system/c.service --
[Service]
User=c
`

func TestValues(t *testing.T) {
	us := units(t, merged)
	for _, c := range []struct{ unit, section, key, want string }{
		{"a.service", "Service", "ExecStart", "/bin/vendor@20-vendor.conf:3"},
		{"a.service", "Service", "ExecStartPre", "/bin/pre@a.service:8"},
		{"a.service", "Service", "User", ""},
		{"a.service", "Service", "Group", "g@30-last.conf:3"},
		{"a.service", "Service", "NoNewPrivileges", "no@a.service:10, yes@10-own.conf:8"},
		{"a.service", "Unit", "Wants", "one.service@a.service:2, two.service@10-own.conf:3"},
		{"a.service", "Unit", "ConditionUser", ""},
		{"a.service", "Unit", "AssertPathExists", "/b@a.service:5"},
		{"a.service", "Unit", "User", ""},
		{"a.service", "service", "User", ""},
		{"a.socket", "Socket", "ListenStream", "443@a.socket:5"},
		{"a.socket", "Socket", "ListenDatagram", ""},
		{"a.timer", "Timer", "OnBootSec", ""},
		{"a.timer", "Timer", "OnCalendar", "daily@a.timer:4"},
		{"b.service", "Service", "ExecStart", ""},
		{"c.service", "Service", "User", ""},
	} {
		u, ok := us.Unit(c.unit)
		if !ok {
			t.Fatalf("no %s", c.unit)
		}
		if got := values(u, c.section, c.key); got != c.want {
			t.Errorf("%s [%s] %s: got %q, want %q", c.unit, c.section, c.key, got, c.want)
		}
	}
	a, _ := us.Unit("a.service")
	if v, ok := a.Lookup("Service", "NoNewPrivileges"); !ok || v.Text != "yes" {
		t.Errorf("NoNewPrivileges: got %+v, %v", v, ok)
	}
	if v, ok := a.Lookup("Service", "User"); ok {
		t.Errorf("a reset user: got %+v", v)
	}
	for name, want := range map[string]systemd.Load{"a.service": systemd.Loaded, "b.service": systemd.LoadFailed,
		"c.service": systemd.LoadMasked} {
		if u, _ := us.Unit(name); u.Load != want {
			t.Errorf("%s: got %s, want %s", name, u.Load, want)
		}
	}
}

func TestBool(t *testing.T) {
	for text, want := range map[string]string{
		"yes": "true true", "TRUE": "true true", "1": "true true", "on": "true true", "y": "true true", "t": "true true",
		"no": "false true", "Off": "false true", "0": "false true", "f": "false true", "n": "false true",
		"": "false false", "2": "false false", "yes please": "false false", "strict": "false false",
	} {
		v, ok := systemd.Value{Text: text}.Bool()
		if got := fmt.Sprint(v, ok); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

const named = `
-- lib link=usr/lib --
-- usr/lib/systemd/system/real.service --
[Service]
ExecStart=/bin/real
[Install]
WantedBy=multi-user.target
Alias=other.service
-- etc/systemd/system/other.service link=/lib/systemd/system/real.service --
-- etc/systemd/system/third.service link=other.service --
-- etc/systemd/system/multi-user.target.wants/real.service link=/lib/systemd/system/real.service --
-- run/systemd/system/x.target.requires/real.service link=/nowhere --
-- etc/systemd/system/third.service.d/a.conf --
[Service]
User=nobody
-- usr/lib/systemd/system/t-u@.service --
[Service]
ExecStart=/bin/t %i
-- etc/systemd/system/t-u@one.service.d/a.conf --
[Service]
User=one
-- etc/systemd/system/t-.service.d/b.conf --
[Service]
Group=t
-- etc/systemd/system/multi-user.target.wants/t-u@one.service link=x --
-- etc/systemd/system/linked.service link=/opt/app/service --
-- opt/app/service --
[Service]
ExecStart=/opt/app/run
-- etc/systemd/system/broken.service link=nowhere.service --
-- usr/lib/systemd/system/broken.service --
[Service]
ExecStart=/bin/broken
-- etc/systemd/system/self.service link=/usr/lib/systemd/system/self.service --
-- usr/lib/systemd/system/self.service --
[Service]
ExecStart=/bin/self
-- etc/systemd/system/odd.service.d/a.conf dir --
-- etc/systemd/system/odd.service.d/b.conf link=b.conf --
-- etc/systemd/system/odd.service.d/c.conf link=/dev/null --
-- etc/systemd/system/odd.service.d/d.conf --
[Service]
User=d
[oops
User=no
-- usr/lib/systemd/system/odd.service.d/c.conf --
[Service]
User=hidden
-- usr/lib/systemd/system/odd.service --
[Service]
ExecStart=/bin/odd
-- usr/lib/systemd/system/fifo.service fifo --
-- etc/systemd/system/pipe.service link=/opt/pipe --
-- opt/pipe fifo --
`

func TestNames(t *testing.T) {
	us := units(t, named)
	type view struct {
		ID, Path string
		Aliases  []string
		State    systemd.State
		Load     systemd.Load
	}
	for name, want := range map[string]view{
		"real.service":    {"real.service", "usr/lib/systemd/system/real.service", []string{"other.service", "third.service"}, systemd.Enabled, systemd.Loaded},
		"third.service":   {"real.service", "usr/lib/systemd/system/real.service", []string{"other.service", "real.service"}, systemd.Alias, systemd.Loaded},
		"t-u@one.service": {"t-u@one.service", "usr/lib/systemd/system/t-u@.service", nil, systemd.Enabled, systemd.Loaded},
		"t-u@two.service": {"t-u@two.service", "usr/lib/systemd/system/t-u@.service", nil, systemd.Static, systemd.Loaded},
		"linked.service":  {"linked.service", "etc/systemd/system/linked.service", nil, systemd.Alias, systemd.Loaded},
		"broken.service":  {"broken.service", "", nil, systemd.Bad, systemd.LoadAbsent},
		"self.service":    {"self.service", "usr/lib/systemd/system/self.service", nil, systemd.Bad, systemd.Loaded},
		"odd.service":     {"odd.service", "usr/lib/systemd/system/odd.service", nil, systemd.Bad, systemd.Loaded},
		"pipe.service":    {"pipe.service", "etc/systemd/system/pipe.service", nil, systemd.Bad, systemd.LoadAbsent},
	} {
		u, ok := us.Unit(name)
		if !ok {
			t.Errorf("no %s", name)
			continue
		}
		got := view{u.ID, u.Path, u.Aliases, u.State, u.Load}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("%s: %v: -got +want:\n%s", name, u.Err, diff)
		}
		if (u.State == systemd.Bad) != (u.Err != nil) {
			t.Errorf("%s is %s with %v", name, u.State, u.Err)
		}
	}
	for _, name := range []string{"none.service", "none@x.service", "t-u@x.timer", "real", "", "fifo.service",
		"a/b.service", "nowhere.service"} {
		if u, ok := us.Unit(name); ok {
			t.Errorf("%q: got %+v, want none", name, u)
		}
		if got := us.State(name); got != systemd.NotFound {
			t.Errorf("%q: got %s, want not-found", name, got)
		}
	}
}

func TestDropInsAndLinks(t *testing.T) {
	us := units(t, named)
	one, _ := us.Unit("t-u@one.service")
	if got := values(one, "Service", "User") + " " + values(one, "Service", "Group"); got != "one@a.conf:2 t@b.conf:2" {
		t.Errorf("an instance: got %s", got)
	}
	two, _ := us.Unit("t-u@two.service")
	if got := values(two, "Service", "User") + " " + values(two, "Service", "Group"); got != " t@b.conf:2" {
		t.Errorf("another instance: got %s", got)
	}
	real, _ := us.Unit("real.service")
	if got := values(real, "Service", "User"); got != "nobody@a.conf:2" {
		t.Errorf("a drop-in of an alias: got %s", got)
	}
	want := []systemd.Link{
		{Path: "etc/systemd/system/multi-user.target.wants/real.service", Target: "/lib/systemd/system/real.service", Kind: "wants", By: "multi-user.target"},
		{Path: "etc/systemd/system/other.service", Target: "/lib/systemd/system/real.service", Kind: "alias"},
		{Path: "run/systemd/system/x.target.requires/real.service", Target: "/nowhere", Kind: "requires", By: "x.target"},
	}
	if diff := cmp.Diff(real.Links, want); diff != "" {
		t.Errorf("links: -got +want:\n%s", diff)
	}
	if diff := cmp.Diff(real.Install,
		systemd.Install{WantedBy: []string{"multi-user.target"}, Alias: []string{"other.service"}}); diff != "" {
		t.Errorf("install: -got +want:\n%s", diff)
	}
	odd, _ := us.Unit("odd.service")
	var got []string
	for _, d := range odd.DropIns {
		got = append(got, fmt.Sprintf("%s %v %v", d.Path[len("etc/systemd/system/odd.service.d/"):], d.Masked, d.Err))
	}
	if diff := cmp.Diff(got, []string{"a.conf false no regular file", "b.conf false too many levels of links",
		"c.conf true <nil>", "d.conf false line 3: section header without a closing bracket"}); diff != "" {
		t.Errorf("odd drop-ins: -got +want:\n%s", diff)
	}
	if got := values(odd, "Service", "User"); got != "d@d.conf:2" {
		t.Errorf("odd drop-ins: got %s", got)
	}
}

// An instance that a preset file lists has the preset that systemctl preset uses.
// list-unit-files does not look at such lists.
func TestPresetOfAnInstance(t *testing.T) {
	us := units(t, `
-- usr/lib/systemd/system/t@.service --
[Service]
ExecStart=/bin/t
[Install]
WantedBy=a.target
-- usr/lib/systemd/system-preset/10.preset --
enable t@.service one two
disable *
`)
	for name, want := range map[string]systemd.Preset{"t@one.service": systemd.PresetEnable,
		"t@two.service":   systemd.PresetEnable,
		"t@three.service": systemd.PresetDisable, "t@.service": systemd.PresetEnable} {
		if u, _ := us.Unit(name); u.Preset != want {
			t.Errorf("%s: got %q, want %q", name, u.Preset, want)
		}
	}
}
