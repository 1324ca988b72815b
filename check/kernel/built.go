package kernel

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/kconfig"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
)

// Built is the kind kernel.built. It requires that the running kernel and all that are installed
// were built with accepted values of some options. An option that a configuration does not name is
// "n". A system without a kernel has nothing to judge.
type Built struct {
	Options []BuildOption `yaml:"options,required" doc:"the options, each with its accepted values"`
}

// BuildOption is what is accepted of one option of a kernel's configuration.
type BuildOption struct {
	Name   string   `yaml:"name,required" doc:"the name of the option, without CONFIG_"`
	Accept []string `yaml:"accept,required" doc:"the accepted values: y, m, n or another"`
	Where  []string `doc:"options of which one has to be y, else the kernel, which is of another architecture, is not judged by this option; where there are none all kernels are"`
}

// Check returns the check.
func (a Built) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Options) == 0 {
		return nil, errors.New("options must not be empty")
	}
	for _, o := range a.Options {
		if o.Name == "" || strings.HasPrefix(o.Name, "CONFIG_") || len(o.Accept) == 0 {
			return nil, fmt.Errorf("%q needs a name without CONFIG_ and accepted values", o.Name)
		}
	}
	return check.Of(kconfig.Fact, func(v *check.Verdict, all []kconfig.Config) {
		for _, c := range all {
			for _, o := range a.Options {
				o.judge(v, c)
			}
		}
	}), nil
}

// judge judges a kernel by an option.
func (o BuildOption) judge(v *check.Verdict, c kconfig.Config) {
	got, ok := c.Options[o.Name]
	if !ok {
		got.Value = "n"
	}
	good := slices.Contains(o.Accept, got.Value)
	ev := check.Evidence{Position: inventory.Position{Source: c.Source, Line: got.Line}, Subject: "CONFIG_" + o.Name, Want: oneOf(o.Accept), Got: "something else"}
	switch {
	case len(o.Where) > 0 && !slices.ContainsFunc(o.Where, func(w string) bool { return c.Options[w].Value == "y" }):
		ev.Line, ev.Got = 0, "a kernel of another architecture"
		v.Absent(ev)
		return
	case good || len(got.Value) == 1:
		ev.Got = got.Value
	}
	v.Judge(good, ev)
}

// Lockdown is the kind kernel.lockdown. It requires that the running kernel is in lockdown, in
// either way (kernel_lockdown(7)).
type Lockdown struct{}

// Check returns the check.
func (Lockdown) Check() (check.Check, error) {
	return check.Of(kernel.Lockdown, func(v *check.Verdict, mode inventory.Setting) {
		ev := check.Evidence{Position: inventory.Position{Source: mode.Source}, Subject: mode.Name, Want: "integrity or confidentiality", Got: mode.Value}
		if mode.Value == "" {
			ev.Got = "the kernel has none"
		}
		v.Judge(mode.Value != "" && mode.Value != "none", ev)
	}), nil
}
