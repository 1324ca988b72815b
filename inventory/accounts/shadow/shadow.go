// Package shadow reads the password fields and password ageing of accounts from etc/shadow,
// shadow(5). Reading the file takes CAP_DAC_READ_SEARCH or membership in the group of the file.
package shadow

import (
	"context"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/colon"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/crypt"
)

// Entry is the line of one account. A number of days that is not set is [Unset].
type Entry struct {
	inventory.Position

	Name       string
	Password   crypt.Field
	LastChange int // day of the last change, counted from 1970-01-01; 0 asks for a new password at login
	Min        int // days before the password may be changed again
	Max        int // days after which the password has to be changed
	Warn       int // days of warning before that
	Inactive   int // days after its expiry for which the password is still accepted
	Expire     int // day on which the account expires, counted from 1970-01-01
}

// Unset is the value of an empty field of days.
const Unset = -1

// Status returns the state of the password as passwd -S prints it: P, NP (no password) or L
// (locked).
func (e Entry) Status() string {
	switch {
	case e.Password.Empty():
		return "NP"
	case e.Password.Locked():
		return "L"
	}
	return "P"
}

const file = "etc/shadow"

// Fact returns the entries in the order of the file. A system without the file is an error.
var Fact = inventory.NewFact("shadow", collect)

func collect(ctx context.Context, s *inventory.System) ([]Entry, error) {
	all, err := inventory.ParseOnce(ctx, s, file, Parse)
	for i := range all {
		all[i].Source = file
	}
	return all, err
}

// Parse reads the text of a shadow file. The error joins all mistakes, each with its line. It never
// quotes the file.
func Parse(b []byte) ([]Entry, error) {
	text := string(b)
	var bad, own mistakes.List
	all := make([]Entry, 0, min(1+strings.Count(text, "\n"), len(text)/len("a::::::::")))
	bad.Add(colon.Each(text, 9, func(line int, f []string) {
		x := Entry{Name: f[0], Password: crypt.Parse(f[1]), Position: inventory.Position{Line: line}}
		if x.Name == "" {
			own.Addf("line %d: no name", line)
		}
		for i, p := range []*int{&x.LastChange, &x.Min, &x.Max, &x.Warn, &x.Inactive, &x.Expire} {
			var err error
			if *p, err = parseDays(f[2+i]); err != nil {
				own.Addf("line %d: field %d is no number of days", line, 3+i)
			}
		}
		if _, err := strconv.ParseUint(f[8], 10, 32); err != nil && f[8] != "" {
			own.Addf("line %d: the last field is no number, so that the C library skips the line", line)
		}
		all = append(all, x)
	}))
	bad.Add(own.Err())
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// parseDays reads a field of days. An empty one is [Unset]. A line with -1, which the tools of the
// shadow suite take for the same, is none for the C library, and so for PAM.
func parseDays(s string) (int, error) {
	if s == "" {
		return Unset, nil
	}
	n, err := strconv.ParseUint(s, 10, 31)
	return int(n), err
}
