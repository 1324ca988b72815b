package ntp_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/clocks/ntp"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// debian is the part of ntp.conf of ntpsec 1.2.2+dfsg1-1+deb12u1 of Debian 12 that is no comment.
const debian = `driftfile /var/lib/ntpsec/ntp.drift
leapfile /usr/share/zoneinfo/leap-seconds.list
tos maxclock 11
tos minclock 4 minsane 3
pool 0.debian.pool.ntp.org iburst
pool 1.debian.pool.ntp.org iburst
restrict default kod nomodify nopeer noquery limited
restrict 127.0.0.1
restrict ::1
`

func TestFact(t *testing.T) {
	for name, c := range map[string]struct {
		daemon, fixture, want string
		is                    error
	}{
		"NTPsec":          {ntp.Sec, "-- etc/ntpsec/ntp.conf --\n" + debian, "[0.debian.pool.ntp.org 1.debian.pool.ntp.org]", nil},
		"its folder":      {ntp.Sec, "-- etc/ntpsec/ntp.conf --\n-- etc/ntpsec/ntp.d/a.conf --\nserver a\n-- etc/ntpsec/ntp.d/b --\nserver b\n", "[a]", nil},
		"ntp.org":         {ntp.Org, "-- etc/ntp.conf --\nserver -4 a iburst\npeer b # key 1\n#server c\nserver d noselect\nserver 127.127.1.0\nserver 127.127.20.0\n", "[a b 127.127.20.0]", nil},
		"includes":        {ntp.Org, "-- etc/ntp.conf --\nincludefile \"/etc/ntp/more\"\n-- etc/ntp/more --\nserver a\r\n", "[a]", nil},
		"include gone":    {ntp.Org, "-- etc/ntp.conf --\nincludefile /etc/more\n", "etc/more", nil},
		"include, folder": {ntp.Org, "-- etc/ntp.conf --\nincludefile /etc/more\n-- etc/more/x --\n", "etc/more", nil},
		"relative":        {ntp.Org, "-- etc/ntp.conf --\nincludefile more\n", "not absolute", nil},
		"loop":            {ntp.Org, "-- etc/ntp.conf --\nincludefile /etc/ntp.conf\n", "too many", inventory.ErrLimit},
		"OpenNTPD":        {ntp.OpenD, "-- etc/openntpd/ntpd.conf --\nservers pool.ntp.org\nsensor *\nconstraints from \"https://x\"\n", "[pool.ntp.org *]", nil},
		"empty":           {ntp.OpenD, "-- etc/ntpd.conf --\n", "[]", nil},
		"unreadable":      {ntp.Org, "-- etc/ntp.conf error=EACCES --\n", "permission", nil},
		"none":            {ntp.Org, "-- etc/ntpd.conf --\nserver a\n", "no configuration", inventory.ErrAbsent},
	} {
		all, err := ntp.Fact.Of(t.Context(), inventorytest.System(t, c.fixture), c.daemon)
		if err != nil {
			if !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) || errors.Is(err, inventory.ErrAbsent) != (c.is == inventory.ErrAbsent) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		got := []string{}
		for _, s := range all {
			got = append(got, s.Value)
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: got %v, want %s", name, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{debian, "\xef\xbb\xbfserver a", "server\r\n", "server -4", "server \"", "\x00", strings.Repeat("s", 1<<20), "server a\nserver a noselect"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		sources, includes, _ := ntp.Parse(b)
		for _, s := range append(sources, includes...) {
			if s.Name == "" || s.Line < 1 {
				t.Fatal(s)
			}
		}
	})
}

func ExampleParse() {
	sources, _, _ := ntp.Parse([]byte("server time.example.org iburst\nserver 127.127.1.0\n"))
	fmt.Println(len(sources), sources[0].Value)
	// Output: 1 time.example.org
}
