// Package nis finds lines in the lists of accounts and groups that include or exclude entries of
// NIS. These are the compat entries of nsswitch.conf(5). They begin with "+" or "-".
package nis

import (
	"context"
	"strings"

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
		for _, e := range Parse(b) {
			e.Source = name
			all = append(all, e)
		}
	}
	return all, nil
}

// Parse returns the entries in the text of one of the files.
func Parse(b []byte) []Entry {
	var all []Entry
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		if s = strings.TrimLeft(s, " \t"); s != "" && (s[0] == '+' || s[0] == '-') {
			all = append(all, Entry{Sign: s[:1], Position: inventory.Position{Line: line}})
		}
	}
	return all
}
