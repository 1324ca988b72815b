// Package shadow reads the password fields and ageing of accounts from etc/shadow,
// shadow(5). Reading the file needs CAP_DAC_READ_SEARCH or membership in its group.
package shadow

import (
	"context"
	"strconv"

	"github.com/hardening-sdk/hardening/internal/colon"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/crypt"
)

// Entry is what the file holds of one account. Days that are not set are [Unset].
type Entry struct {
	Name       string
	Password   crypt.Field
	LastChange int // day of the last change, counted from 1970-01-01; 0 asks for a new one at login
	Min        int // days before it may be changed again
	Max        int // days after which it has to be changed
	Warn       int // days of warning before that
	Inactive   int // days after expiry for which it is still accepted
	Expire     int // day the account expires, counted from 1970-01-01
	Source     string
	Line       int // in Source, counted from 1
}

// Unset is a field of days that is empty.
const Unset = -1

// Status is the state of the password as passwd -S prints it.
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

// Fact is the entries in the order of the file. A system without the file has an error.
var Fact = inventory.NewFact("shadow", func(ctx context.Context, s *inventory.System) ([]Entry, error) {
	all, err := inventory.ParseOnce(ctx, s, file, Parse)
	for i := range all {
		all[i].Source = file
	}
	return all, err
})

// Parse reads the text of a shadow file. Mistakes come joined, each with its line, and
// never quote the line.
func Parse(b []byte) ([]Entry, error) {
	entries, err := colon.Split(string(b), 9)
	var bad mistakes.List
	bad.Add(err)
	all := make([]Entry, 0, len(entries))
	for _, e := range entries {
		x := Entry{Name: e.Fields[0], Password: crypt.Parse(e.Fields[1]), Line: e.Line}
		if x.Name == "" {
			bad.Addf("line %d: no name", e.Line)
		}
		for i, p := range []*int{&x.LastChange, &x.Min, &x.Max, &x.Warn, &x.Inactive, &x.Expire} {
			if *p, err = days(e.Fields[2+i]); err != nil {
				bad.Addf("line %d: field %d is no number of days", e.Line, 3+i)
			}
		}
		all = append(all, x)
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

func days(s string) (int, error) {
	if s == "" || s == "-1" {
		return Unset, nil
	}
	n, err := strconv.ParseUint(s, 10, 31)
	return int(n), err
}
