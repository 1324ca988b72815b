package chrony_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/clocks/chrony"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// debian is chrony.conf of chrony 4.3-2+deb12u1 of Debian 12, without comments.
const debian = `confdir /etc/chrony/conf.d
pool 2.debian.pool.ntp.org iburst
sourcedir /run/chrony-dhcp
sourcedir /etc/chrony/sources.d
keyfile /etc/chrony/chrony.keys
driftfile /var/lib/chrony/chrony.drift
ntsdumpdir /var/lib/chrony
logdir /var/log/chrony
maxupdateskew 100.0
rtcsync
makestep 1 3
leapsectz right/UTC
`

var accepted = []string{"", "! server a", "; x", "  % d", "# x", "POOL a.b iburst", "server a minpoll 4 maxpoll 6 iburst nts", "server   a\tkey 1", "peer x",
	"refclock PPS /dev/pps0", "server a noselect", "confdir /nonexistent", "sourcedir /nonexistent", "rtcsync", "server a\r", "\tserver a", "include /nonexist*", debian}

var refused = []string{"foo", "server", "serverx a", "refclock", "server a b c", "server a # comment", "server a minpoll", "include", "include a b", "confdir", "\xef\xbb\xbfserver a",
	"pool a; server b", "server a x\x00"}

func TestParse(t *testing.T) {
	for _, text := range accepted {
		if _, err := chrony.Parse([]byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range append(refused, "server "+strings.Repeat("a", 1<<20)) {
		if all, err := chrony.Parse([]byte(text)); err == nil || all != nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%.40q: got %v, %v", text, all, err)
		}
	}
}

func TestAgainstChronyd(t *testing.T) {
	oracle.Need(t, "chronyd")
	file := filepath.Join(t.TempDir(), "chrony.conf")
	for i, text := range append(accepted[:len(accepted):len(accepted)], refused...) {
		if err := os.WriteFile(file, []byte(text+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, code := oracle.Code(t, "chronyd", "-p", "-f", file); (code == 0) != (i < len(accepted)) {
			t.Errorf("%q: chronyd ends with %d: %s", text, code, out)
		}
	}
}

// chronyd -p must print the same directives in the same order.
func TestIncludesAgainstChronyd(t *testing.T) {
	oracle.Need(t, "chronyd")
	root := t.TempDir()
	for name, text := range map[string]string{
		"usr/sbin/chronyd": "", "etc/chrony.conf": "server one\ninclude ROOT/etc/a/*.inc\nconfdir ROOT/etc/b ROOT/etc/c\nserver last\ninclude ROOT/etc/none*\n",
		"etc/a/2.inc": "server two", "etc/a/1.inc": "server three\n", "etc/a/.0.inc": "server hidden\n", "etc/b/x.conf": "server four\n", "etc/c/x.conf": "server not\n",
		"etc/c/a.conf": "pool five\n", "etc/c/a.conf~": "pool not\n",
	} {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(text, "ROOT", root)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var want []string
	for l := range strings.Lines(string(oracle.Run(t, "chronyd", "-p", "-f", filepath.Join(root, "etc/chrony.conf")))) {
		if words := strings.Fields(l); words[0] == "server" || words[0] == "pool" {
			want = append(want, words[1])
		}
	}
	// What chronyd finds by whole names we find in a tree, so names lose the root.
	main := filepath.Join(root, "etc/chrony.conf")
	b, err := os.ReadFile(main)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(main, []byte(strings.ReplaceAll(string(b), root, "")), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := chrony.Fact.Of(t.Context(), inventorytest.Folder(t, root))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range c.Sources {
		got = append(got, s.Value)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) || len(want) != 6 {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestFact(t *testing.T) {
	const program = "-- usr/sbin/chronyd --\n"
	unit := func(line string) string {
		return "-- usr/lib/systemd/system/chrony.service --\n[Service]\nEnvironmentFile=-/etc/default/chrony\nExecStart=!/usr/sbin/chronyd " + line + "\n"
	}
	for name, c := range map[string]struct {
		fixture string
		want    string // the sources, or what the error says
		is      error
	}{
		"Debian":             {program + unit("$DAEMON_OPTS") + "-- etc/default/chrony --\nDAEMON_OPTS=\"-F 1\"\n-- etc/chrony/chrony.conf --\n" + debian, "[2.debian.pool.ntp.org]", nil},
		"Red Hat":            {program + "-- etc/chrony.conf --\npool 2.rhel.pool.ntp.org iburst\nsourcedir /run/chrony-dhcp\n", "[2.rhel.pool.ntp.org]", nil},
		"none":               {program + "-- etc/chrony.conf --\nrtcsync\n", "[]", nil},
		"told to watch only": {program + "-- etc/chrony.conf --\nserver a\n-- etc/systemd/system/chronyd.service --\n[Service]\nExecStart=/usr/sbin/chronyd -x $OPTIONS\n", "", inventory.ErrUnavailable},
		"not followed":       {program + "-- etc/chrony.conf --\nserver a noselect\nserver b NoSelect\n", "[]", nil},
		"from a folder":      {program + "-- etc/chrony.conf --\nsourcedir /etc/s\n-- etc/s/a.sources --\nserver a\nnonsense\ninclude x\nserver b\n-- etc/s/b.conf --\nserver c\n", "[a b]", nil},
		"another file":       {program + unit("-f /etc/time.conf") + "-- etc/time.conf --\nserver a\n-- etc/chrony.conf --\nserver b\n", "[a]", nil},
		"by the environment": {program + unit("$DAEMON_OPTS") + "-- etc/default/chrony --\nDAEMON_OPTS=\"-f /x\"\n-- etc/chrony.conf --\nserver b\n", "option -f", inventory.ErrUnavailable},
		"two files":          {program + "-- etc/chrony.conf --\nserver a\n-- etc/chrony/chrony.conf --\nserver b\n", "not known which", inventory.ErrUnavailable},
		"no file":            {program, "not known which", inventory.ErrUnavailable},
		"no file, Debian":    {program + "-- etc/os-release --\nID=debian\n-- etc/chrony.conf --\nserver a\n", "etc/chrony/chrony.conf", nil},
		"both, Debian":       {program + "-- etc/os-release --\nID=ubuntu\nID_LIKE=debian\n-- etc/chrony.conf --\nserver a\n-- etc/chrony/chrony.conf --\nserver b\n", "[b]", nil},
		"both, Red Hat":      {program + "-- etc/os-release --\nID=rocky\nID_LIKE=\"rhel centos fedora\"\n-- etc/chrony.conf --\nserver a\n-- etc/chrony/chrony.conf --\nserver b\n", "[a]", nil},
		"broken":             {program + "-- etc/chrony.conf --\nserver a\nserve b\n", "etc/chrony.conf: line 2", nil},
		"include not there":  {program + "-- etc/chrony.conf --\ninclude /etc/none\n", "etc/none", nil},
		"include of itself":  {program + "-- etc/chrony.conf --\ninclude /etc/chrony.conf\n", "too many", inventory.ErrLimit},
		"unreadable":         {program + "-- etc/chrony.conf error=EACCES --\n", "permission", nil},
		"a folder":           {program + "-- etc/chrony.conf --\nconfdir /etc/c\n-- etc/c/a.conf/b --\n", "a.conf", nil},
		"not installed":      {"-- etc/chrony.conf --\nserver a\n", "no chronyd", inventory.ErrAbsent},
	} {
		config, err := chrony.Fact.Of(t.Context(), inventorytest.System(t, c.fixture))
		if err != nil {
			if !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) || errors.Is(err, inventory.ErrAbsent) != (c.is == inventory.ErrAbsent) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		got := []string{}
		for _, s := range config.Sources {
			got = append(got, s.Value)
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: got %v, want %s", name, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range append(accepted, refused...) {
		f.Add([]byte(text))
	}
	f.Add([]byte(strings.Repeat("x", 1<<20)))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := chrony.Parse(b)
		for _, l := range all {
			if err != nil || l.Directive == "" || l.Line < 1 {
				t.Fatal(l, err)
			}
		}
	})
}

func ExampleParse() {
	lines, err := chrony.Parse([]byte("# ours\nserver time.example.org iburst\n"))
	fmt.Println(lines[0].Directive, lines[0].Args, lines[0].Line, err)
	// Output: server [time.example.org iburst] 2 <nil>
}
