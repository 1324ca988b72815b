// Package cryptopolicy tells which cryptographic policy a system has, crypto-policies(7): the one
// that etc/crypto-policies/config sets, and the one in effect, etc/crypto-policies/state/current.
package cryptopolicy

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Name is the name of a policy or of a module of one, as it is written.
type Name struct {
	Name   string
	Source string
	Line   int // in Source, counted from 1
}

var names = [...]string{"etc/crypto-policies/config", "etc/crypto-policies/state/current"}

// Fact is the names in both files. A file that is there names at least one; a system without
// policies has neither file and no names.
var Fact = inventory.NewFact("crypto-policies", func(ctx context.Context, s *inventory.System) ([]Name, error) {
	var all []Name
	for _, name := range names {
		b, err := s.ReadFile(ctx, name)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return nil, err
		}
		words := Parse(b)
		if len(words) == 0 {
			return nil, fmt.Errorf("%s names no policy", name)
		}
		for _, w := range words {
			w.Source = name
			all = append(all, w)
		}
	}
	return all, nil
})

// Parse reads the text of a file: a policy and its modules, by colons or lines.
func Parse(b []byte) []Name {
	var all []Name
	line := 0
	for s := range strings.Lines(string(b)) {
		line++
		s, _, _ = strings.Cut(s, "#")
		for w := range strings.SplitSeq(s, ":") {
			if w = strings.TrimSpace(w); w != "" {
				all = append(all, Name{Name: w, Line: line})
			}
		}
	}
	return all
}
