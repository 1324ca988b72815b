package kernel

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/kconfig"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
)

// Built asks that the running kernel and all that are installed were built with accepted values of
// some options. An option that a configuration does not name is "n". A system without a kernel
// has nothing to judge.
type Built struct {
	Options []BuildOption `yaml:"options,required"`
}

// BuildOption is what is accepted of one option of a kernel's configuration.
type BuildOption struct {
	Name   string   `yaml:"name,required"`   // without CONFIG_
	Accept []string `yaml:"accept,required"` // y, m, n or a value
	// Where are options of which one has to be y, else the kernel is not judged by this option: it
	// is of another architecture. Without any, all kernels are.
	Where []string
}

// Check makes the check.
func (a Built) Check() (check.Check, error) {
	if len(a.Options) == 0 {
		return nil, errors.New("options must not be empty")
	}
	for _, o := range a.Options {
		if o.Name == "" || strings.HasPrefix(o.Name, "CONFIG_") || len(o.Accept) == 0 {
			return nil, fmt.Errorf("%q needs a name without CONFIG_ and accepted values", o.Name)
		}
	}
	type subject struct {
		c kconfig.Config
		o BuildOption
	}
	return check.OldOf(kconfig.Fact, func(all []kconfig.Config) check.Result {
		var subjects []subject
		for _, c := range all {
			for _, o := range a.Options {
				if len(o.Where) == 0 || slices.ContainsFunc(o.Where, func(w string) bool { return c.Options[w].Value == "y" }) {
					subjects = append(subjects, subject{c, o})
				}
			}
		}
		return check.Each(subjects, func(s subject) (check.Evidence, bool) {
			got, ok := s.c.Options[s.o.Name]
			if !ok {
				got.Value = "n"
			}
			ev := check.Evidence{Position: inventory.Position{Source: s.c.Source, Line: got.Line}, Subject: "CONFIG_" + s.o.Name, Want: oneOf(s.o.Accept), Got: "something else"}
			if len(got.Value) == 1 {
				ev.Got = got.Value
			}
			return ev, !slices.Contains(s.o.Accept, got.Value)
		})
	}), nil
}

// Lockdown asks that the running kernel is in lockdown, in either way (kernel_lockdown(7)).
type Lockdown struct{}

// Check makes the check.
func (Lockdown) Check() (check.Check, error) {
	return check.OldOf(kernel.Lockdown, func(mode inventory.Setting) check.Result {
		ev := check.Evidence{Position: inventory.Position{Source: mode.Source}, Subject: mode.Name, Want: "integrity or confidentiality", Got: mode.Value}
		switch mode.Value {
		case "":
			ev.Got = "the kernel has none"
			return check.Failed("", ev)
		case "none":
			return check.Failed("", ev)
		}
		return check.Passed("", ev)
	}), nil
}
