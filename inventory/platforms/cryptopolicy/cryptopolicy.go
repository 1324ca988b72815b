// Package cryptopolicy reads which cryptographic policy a system has, crypto-policies(7). The file
// etc/crypto-policies/config has the policy that is set, and etc/crypto-policies/state/current the
// one in effect.
package cryptopolicy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
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
		for i, w := range words {
			if err := checkName(ctx, s, w.Name, i == 0); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, w.Line, err)
			}
			w.Source = name
			all = append(all, w)
		}
	}
	return all, nil
}

// The policies and modules of crypto-policies.
var (
	policies = strings.Fields("DEFAULT LEGACY FUTURE FIPS EMPTY NEXT BSI GOST-ONLY")
	modules  = strings.Fields(`AD-SUPPORT AD-SUPPORT-LEGACY BSI ECDHE-ONLY GOST NO-CAMELLIA NO-ENFORCE-EMS NO-PQ NO-SHA1
		OSPP PQ SHA1 STIG TEST-PQ`)
)

// checkName returns an error for the name of no policy or module, of which update-crypto-policies(8) makes
// nothing. It takes names in letters of any case, and those that have a file.
func checkName(ctx context.Context, s *inventory.System, name string, first bool) error {
	name = strings.ToUpper(name)
	known, end := modules, ".pmod"
	folders := []string{"etc/crypto-policies/policies/modules/", "usr/share/crypto-policies/policies/modules/"}
	if first {
		known, end = policies, ".pol"
		folders = []string{"etc/crypto-policies/policies/", "usr/share/crypto-policies/policies/"}
	}
	if slices.Contains(known, name) {
		return nil
	}
	for _, dir := range folders {
		if !filetree.ValidName(dir+name+end) || strings.Contains(name, "/") {
			break
		}
		_, err := s.Stat(ctx, dir+name+end)
		if !inventory.IsAbsent(err, dir+name+end) {
			return err
		}
	}
	return errors.New("the name of no policy or module that is known")
}

// Parse reads the text of a file: a policy and its modules, separated by colons or lines. More than
// anybody has are [inventory.ErrLimit].
func Parse(b []byte) ([]Name, error) {
	var all []Name
	var left budget.Budget
	line := 0
	for s := range strings.Lines(string(b)) {
		line++
		s = strings.TrimRight(s, "\r\n")
		inside := strings.Contains(s, "\r") // which ends a line as well
		if s, _, _ = strings.Cut(s, "#"); inside || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r >= 0x7f }) {
			return nil, fmt.Errorf("line %d: a special character", line)
		}
		if strings.Trim(s, " \t") == "" {
			continue
		}
		for w := range strings.SplitSeq(s, ":") {
			if w = strings.Trim(w, " \t"); w == "" {
				return nil, fmt.Errorf("line %d: a colon without a name", line)
			}
			if err := left.Items(1); err != nil {
				return nil, fmt.Errorf("line %d: %w", line, err)
			}
			all = budget.Append(all, Name{Name: w, Position: inventory.Position{Line: line}})
		}
	}
	return all, nil
}
