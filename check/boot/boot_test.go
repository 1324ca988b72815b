package boot_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/boot"
	"github.com/hardening-sdk/hardening/check/checktest"
)

func TestParameters(t *testing.T) {
	a := boot.Parameters{Forbid: []string{"nokaslr", "mitigations=off"}, Rescue: []string{"single"}, Want: map[string][]string{"audit": {"1"}}}
	const live = "live: true\n-- proc/cmdline --\n"
	for script, want := range map[string]check.Status{
		"linux /v audit=1":                                  check.Pass,
		"linux /v audit=0 audit=1":                          check.Pass,
		"linux /v audit=1 audit=0":                          check.Fail,
		"linux /v":                                          check.Fail,
		"linux /v audit=1 nokaslr":                          check.Fail,
		"linux /v audit=1 mitigations=off":                  check.Fail,
		"linux /v audit=1 mitigations=off mitigations=auto": check.Pass,
		"linux /v audit=1 single":                           check.Fail,
		"if x; then set v=nokaslr; fi\nlinux /v audit=1 $v": check.Fail,
		"if x; then set v=audit=1; fi\nlinux /v $v":         check.Fail,
		"linux /v audit=1\nmenuentry 'a (recovery mode)' {\nlinux /v single\n}":         check.Pass,
		"linux /v audit=1\nmenuentry 'a (recovery mode)' {\nlinux /v single nokaslr\n}": check.Fail,
		"set a=b": check.Unknown,
	} {
		made, err := a.Check()
		r, err := checktest.Judge("-- boot/grub/grub.cfg --\n"+script+"\n", made, err)
		if err != nil || r.Status != want {
			t.Errorf("%s: got %+v, %v, want %v", script, r, err, want)
		}
	}
	for fixture, want := range map[string]check.Status{
		live + "audit=1\n": check.Pass, live + "audit=1 nokaslr\n": check.Fail, live: check.Fail,
		live + "audit=1\n-- boot/grub/grub.cfg --\nlinux /v\n": check.Fail, live + "audit=1\n-- boot/vmlinuz --\n": check.Unknown,
		"live: true\n-- boot/grub/grub.cfg --\nlinux /v audit=1\n": check.Error, "": check.NotApplicable,
		live + "nokaslr\n-- boot/grub/grub.cfg error=EIO --\n": check.Fail,
	} {
		made, err := a.Check()
		const proc = "-- proc/sys/kernel/osrelease --\n6\n-- proc/sys/kernel/hostname --\nh\n"
		r, err := checktest.Judge(fixture+proc, made, err)
		if err != nil || r.Status != want {
			t.Errorf("%s: got %+v, %v, want %v", fixture, r, err, want)
		}
	}
}

func TestArguments(t *testing.T) {
	for _, a := range []boot.Parameters{{}, {Forbid: []string{"=x"}}, {Rescue: []string{"a=["}}, {Want: map[string][]string{"a": nil}}} {
		if _, err := a.Check(); err == nil {
			t.Errorf("%+v: no error", a)
		}
	}
}
