// Package passwd reads the user accounts of a system from etc/passwd, passwd(5).
//
// Accounts from other sources of nsswitch.conf(5), such as a directory service, are not in the
// file.
package passwd

import (
	"context"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/colon"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/crypt"
)

// User is one account.
type User struct {
	inventory.Position

	Name     string
	Password crypt.Field // "x" where the hash is in shadow(5)
	UID, GID uint32
	Comment  string // the GECOS field
	Home     string
	Shell    string // empty for /bin/sh
}

const file = "etc/passwd"

// Fact returns the accounts in the order of the file. A system without the file is an error, not an
// empty list.
var Fact = inventory.NewFact("passwd", collect)

func collect(ctx context.Context, s *inventory.System) ([]User, error) {
	users, err := inventory.ParseOnce(ctx, s, file, Parse)
	for i := range users {
		users[i].Source = file
	}
	return users, err
}

// Parse reads the text of a passwd file. The error joins all mistakes, each with its line; on an
// error there are no accounts. Bytes are kept as they are: a carriage return at the end of a line
// belongs to the shell's name, as it does for login(1).
func Parse(b []byte) ([]User, error) {
	text := string(b)
	var bad, own mistakes.List
	users := make([]User, 0, min(1+strings.Count(text, "\n"), len(text)/len("a::0:0:::")))
	bad.Add(colon.Each(text, 7, func(line int, f []string) {
		uid, errU := strconv.ParseUint(f[2], 10, 32)
		gid, errG := strconv.ParseUint(f[3], 10, 32)
		switch {
		case f[0] == "":
			own.Addf("line %d: no name", line)
		case errU != nil || errG != nil:
			own.Addf("line %d: user and group ID have to be numbers of 32 bits", line)
		}
		users = append(users, User{Name: f[0], Password: crypt.Parse(f[1]), UID: uint32(uid), GID: uint32(gid),
			Comment: f[4], Home: f[5], Shell: f[6], Position: inventory.Position{Line: line}})
	}))
	bad.Add(own.Err())
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return users, nil
}
