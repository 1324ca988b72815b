// Package group reads the groups of a system from etc/group, group(5).
package group

import (
	"context"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/colon"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/crypt"
)

// Group is one line of the file. Members has the accounts that the line lists. An account whose
// primary group it is need not be among them.
type Group struct {
	inventory.Position

	Name     string
	Password crypt.Field
	GID      uint32
	Members  []string
}

const file = "etc/group"

// Fact returns the groups in the order of the file. A system without the file is an error.
var Fact = inventory.NewFact("group", collect)

func collect(ctx context.Context, s *inventory.System) ([]Group, error) {
	all, err := inventory.ParseOnce(ctx, s, file, Parse)
	for i := range all {
		all[i].Source = file
	}
	return all, err
}

// Parse reads the text of a group file. The error joins all mistakes, each with its line.
func Parse(b []byte) ([]Group, error) {
	text := string(b)
	var bad, own mistakes.List
	all := make([]Group, 0, min(1+strings.Count(text, "\n"), len(text)/len("a::0:")))
	bad.Add(colon.Each(text, 4, func(line int, f []string) {
		gid, err := strconv.ParseUint(f[2], 10, 32)
		if err != nil || f[0] == "" {
			own.Addf("line %d: want a name and a group ID of 32 bits", line)
		}
		g := Group{Name: f[0], Password: crypt.Parse(f[1]), GID: uint32(gid),
			Position: inventory.Position{Line: line}}
		if f[3] != "" {
			g.Members = make([]string, 0, 1+strings.Count(f[3], ","))
		}
		for m := range strings.SplitSeq(f[3], ",") {
			if m = strings.TrimLeft(m, " \t\v\f\r"); m != "" { // as the C library does
				g.Members = append(g.Members, m)
			}
		}
		all = append(all, g)
	}))
	bad.Add(own.Err())
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return all, nil
}
