// Package nis finds lines in the lists of accounts and groups that include or exclude entries of
// NIS. These are the compat entries of nsswitch.conf(5). They begin with "+" or "-".
package nis

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// Entry is one line that begins with "+" or "-".
type Entry struct {
	inventory.Position

	Sign string // + or -
}

// lists are the files that are read. The first one has to exist.
var lists = [...]string{"etc/passwd", "etc/shadow", "etc/group", "etc/gshadow"}

// Fact returns the entries of etc/passwd, etc/shadow, etc/group and etc/gshadow. All but the first
// may be missing.
var Fact = inventory.NewFact("entries of NIS", collect)

func collect(ctx context.Context, s *inventory.System) ([]Entry, error) {
	var all []Entry
	for i, name := range lists {
		b, err := s.ReadOnce(ctx, name)
		if i > 0 && inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return nil, err
		}
		some, err := Parse(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, e := range some {
			e.Source = name
			all = budget.Append(all, e)
		}
	}
	return all, nil
}

// Parse returns the entries in the text of one of the files. More than anybody has are
// [inventory.ErrLimit].
func Parse(b []byte) ([]Entry, error) {
	var all []Entry
	line := 0
	var left budget.Budget
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		if s = strings.TrimLeft(s, " \t\v\f\r"); s != "" && (s[0] == '+' || s[0] == '-') {
			if err := left.Items(1); err != nil {
				return nil, fmt.Errorf("line %d: %w", line, err)
			}
			all = budget.Append(all, Entry{Sign: s[:1], Position: inventory.Position{Line: line}})
		}
	}
	return all, nil
}
