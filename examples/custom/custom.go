// Package custom shows how to add a custom rule: a fact, a check of it, and a kind for baselines.
package custom

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
)

var pump = inventory.NewFact("pump", collect) // what etc/pump.conf says, one "key value" a line

func collect(ctx context.Context, s *inventory.System) (all []inventory.Setting, err error) {
	b, err := s.ReadText(ctx, "etc/pump.conf")
	for i, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		key, value, ok := strings.Cut(line, " ")
		if err == nil && !ok {
			err = fmt.Errorf("etc/pump.conf:%d: want a key and a value", i+1)
		}
		all = append(all, inventory.Setting{Position: inventory.Position{Source: "etc/pump.conf", Line: i + 1}, Name: key, Value: value})
	}
	return all, err
}

// Off is the kind pump.off. It requires that a feature of the pump is off.
type Off struct {
	Feature string `yaml:"feature,required" doc:"the key of the feature"`
}

// Check returns the check.
func (a Off) Check() (check.Check, error) {
	return check.Of(pump, func(v *check.Verdict, all []inventory.Setting) {
		for _, s := range all {
			if s.Name == a.Feature {
				v.Judge(s.Value == "off", check.Evidence{Position: s.Position, Subject: s.Name, Want: "off", Got: s.Value})
			}
		}
	}), nil
}

// Kinds returns the kinds of this package for baseline.LoadOptions.
func Kinds() []kind.Kind {
	return []kind.Kind{kind.New("pump.off", Off.Check, kind.Doc("A feature of the pump is off."))}
}
