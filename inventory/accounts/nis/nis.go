// Package nis tells which lines in the lists of accounts and groups are no accounts, but take
// in, or leave out, those of NIS: the compat entries of nsswitch.conf(5), which begin with "+"
// or "-".
package nis

import (
	"context"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Entry is such a line.
type Entry struct {
	Sign   string // + or -
	Source string
	Line   int // in Source, counted from 1
}

// lists are the files that are looked at; the first has to be there.
var lists = [...]string{"etc/passwd", "etc/shadow", "etc/group", "etc/gshadow"}

// Fact is the entries of etc/passwd, etc/shadow, etc/group and etc/gshadow. Of these all but
// the first may be missing, and have none then.
var Fact = inventory.NewFact("entries of NIS", func(ctx context.Context, s *inventory.System) ([]Entry, error) {
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
})

// Parse reads the text of one of the lists.
func Parse(b []byte) []Entry {
	var all []Entry
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		if s = strings.TrimLeft(s, " \t"); s != "" && (s[0] == '+' || s[0] == '-') {
			all = append(all, Entry{Sign: s[:1], Line: line})
		}
	}
	return all
}
