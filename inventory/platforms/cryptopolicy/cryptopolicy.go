// Package cryptopolicy reads which cryptographic policy a system has, crypto-policies(7). The file
// etc/crypto-policies/config has the policy that is set, and etc/crypto-policies/state/current the
// one in effect.
package cryptopolicy

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// Name is the name of a policy, or of a module of a policy, as written.
type Name struct {
	inventory.Position

	Name string
}

var names = [...]string{"etc/crypto-policies/config", "etc/crypto-policies/state/current"}

// Fact returns the names in both files. A file without any name is an error. A system without
// crypto-policies has neither file, and no names.
var Fact = inventory.NewFact("crypto-policies", collect)

func collect(ctx context.Context, s *inventory.System) ([]Name, error) {
	var all []Name
	for _, name := range names {
		words, err := inventory.ParseFile(ctx, s, name, Parse)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if len(words) == 0 {
			return nil, fmt.Errorf("%s names no policy", name)
		}
		for _, w := range words {
			w.Source = name
			all = append(all, w)
		}
	}
	return all, nil
}

// Parse reads the text of a file: a policy and its modules, separated by colons or lines. More than
// anybody has are [inventory.ErrLimit].
func Parse(b []byte) ([]Name, error) {
	var all []Name
	var left budget.Budget
	line := 0
	for s := range strings.Lines(string(b)) {
		line++
		s, _, _ = strings.Cut(s, "#")
		for w := range strings.SplitSeq(s, ":") {
			if w = strings.TrimSpace(w); w != "" {
				if err := left.Items(1); err != nil {
					return nil, fmt.Errorf("line %d: %w", line, err)
				}
				all = budget.Append(all, Name{Name: w, Position: inventory.Position{Line: line}})
			}
		}
	}
	return all, nil
}
