package module_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/module"
)

const (
	kernel = "-- lib/modules/6/modules.builtin --\n-- lib/modules/6/modules.dep --\nkernel/a-b.ko:\nkernel/c.ko:\n"
	live   = "live: true\n-- proc/sys/kernel/osrelease --\n6\n-- proc/sys/kernel/hostname --\nh\n-- proc/modules --\n-- proc/cmdline --\nquiet\n"
)

func TestBlocked(t *testing.T) {
	const conf = "-- etc/modprobe.d/a.conf --\n"
	for name, c := range map[string]struct {
		fixture string
		want    check.Status
	}{
		"blocked":                         {kernel + conf + "install a-b /bin/false\n", check.Pass},
		"by a pattern":                    {kernel + conf + "install a?b /bin/false\n", check.Pass},
		"not at all":                      {kernel, check.Fail},
		"the later does":                  {kernel + conf + "install a_b /bin/x\ninstall a-b /bin/false\n", check.Fail},
		"the later does not":              {kernel + conf + "install a_b /bin/true\ninstall a-b /bin/x\n", check.Pass},
		"blacklisted":                     {kernel + conf + "blacklist a-b\n", check.Fail},
		"an alias":                        {kernel + conf + "alias a-b off\n", check.Fail},
		"no such module":                  {"-- lib/modules/6/modules.builtin --\n-- lib/modules/6/modules.dep --\n", check.Pass},
		"no kernel":                       {"", check.NotApplicable},
		"no kernel but blocked":           {conf + "install a-b /bin/false\n", check.Pass},
		"an old release of kmod loads it": {kernel + "-- etc/modprobe.d/0.alias --\ninstall a-b /bin/x\n" + conf + "install a-b /bin/false\n", check.Unknown},
		"built in":                        {"-- lib/modules/6/modules.builtin --\nkernel/a-b.ko\n-- lib/modules/6/modules.dep --\n" + conf + "install a-b /bin/false\n", check.Fail},
		"running: blocked":                {live + kernel + conf + "install a-b /bin/false\n", check.Pass},
		"running: refused":                {live + kernel + "-- proc/cmdline --\nmodule_blacklist=x,a_b\n", check.Pass},
		"running: refused wrongly":        {live + kernel + "-- proc/cmdline --\nmodule_blacklist=a-b\n", check.Fail},
		"running: refused once":           {live + kernel + "-- proc/cmdline --\nmodule_blacklist=a_b module_blacklist=c\n", check.Fail},
		"running: loaded":                 {live + kernel + conf + "install a-b /bin/false\n-- proc/modules --\na_b 1 0 - Live 0x0\n", check.Fail},
		"running: another kernel":         {live + "-- lib/modules/7/modules.dep --\n-- lib/modules/7/modules.builtin --\n", check.Unknown},
		"running: a leftover":             {live + "-- lib/modules/6/left dir --\n", check.Unknown},
		"no list":                         {"-- lib/modules/6/modules.dep --\n", check.Unknown},
		"unreadable":                      {kernel + "-- etc/modprobe.d/a.conf error=EIO --\n", check.Error},
	} {
		made, err := module.Blocked{Names: []string{"a-b"}}.Check()
		r, err := checktest.Judge(c.fixture, made, err)
		if err != nil || r.Status != c.want {
			t.Errorf("%s: got %v %q %v, %v, want %v", name, r.Status, r.Message, r.Evidence, err, c.want)
		}
	}
}

func TestArguments(t *testing.T) {
	for _, names := range [][]string{nil, {""}, {"a*"}, {"kernel/a.ko"}} {
		if _, err := (module.Blocked{Names: names}).Check(); err == nil {
			t.Errorf("%q: no error", names)
		}
	}
}
