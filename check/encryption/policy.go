package encryption

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
)

// Policy asks that the cryptographic policy of the system, crypto-policies(7), is none of some, and
// has none of some modules. What is configured and what is in effect both have to be so. A system
// without such policies has nothing to judge.
type Policy struct {
	Refuse []string `yaml:"refuse,required"` // names of policies and modules: LEGACY, SHA1
}

// Check makes the check.
func (a Policy) Check() (check.Check, error) {
	if len(a.Refuse) == 0 {
		return nil, errors.New("refuse must not be empty")
	}
	return check.Func(a.examine), nil
}

// word is the name of a policy or module.
type word struct {
	file, name string
	line       int
}

func (a Policy) examine(ctx context.Context, sys *inventory.System) check.Result {
	var all []word
	for _, name := range []string{"etc/crypto-policies/config", "etc/crypto-policies/state/current"} {
		b, err := sys.ReadFile(ctx, name)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return check.FromError(err)
		}
		words := parsePolicy(b, name)
		if len(words) == 0 {
			return check.FromError(fmt.Errorf("%s names no policy", name))
		}
		all = append(all, words...)
	}
	r := check.Each(all, func(w word) (check.Evidence, bool) {
		ev := check.Evidence{Source: w.file, Line: w.line, Subject: "cryptographic policy", Want: "none of " + strings.Join(a.Refuse, ","), Got: strings.ToUpper(w.name)}
		return ev, slices.ContainsFunc(a.Refuse, func(r string) bool { return strings.EqualFold(r, w.name) })
	})
	if r.Status == check.NotApplicable {
		r.Message = "there are no cryptographic policies"
	}
	return r
}

// parsePolicy answers the names in a file: a policy and its modules, by colons or lines.
func parsePolicy(b []byte, file string) []word {
	var all []word
	line := 0
	for s := range strings.Lines(string(b)) {
		line++
		s, _, _ = strings.Cut(s, "#")
		for w := range strings.SplitSeq(s, ":") {
			if w = strings.TrimSpace(w); w != "" {
				all = append(all, word{file, w, line})
			}
		}
	}
	return all
}
