package account

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/files"
)

// nologin are shells that let nobody in, the default of [SystemLocked].
var nologin = []string{"/usr/sbin/nologin", "/sbin/nologin", "/usr/bin/nologin", "/bin/false", "/usr/bin/false",
	"/bin/sync", "/sbin/shutdown", "/sbin/halt", "/dev/null"}

// HomesPrivate is the kind account.homes-private. It requires that the home folders of people
// belong to them and have no more than some permission bits. People are root and the accounts from
// UID_MIN of login.defs(5) on that have a login shell. A folder that is not there is passed over.
type HomesPrivate struct {
	MaxMode *file.Mode `yaml:"max-mode,required" doc:"the permission bits that a home folder may have at most"`
}

// Check returns the check.
func (a HomesPrivate) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		users, err := passwd.Fact.Of(ctx, sys)
		min, errMin := uidMin(ctx, sys)
		if err := errors.Join(err, errMin); err != nil {
			return err
		}
		var all []home
		for i := range users {
			u := &users[i]
			if u.UID != 0 && u.UID < min || u.UID == nobody || slices.Contains(nologin, u.Shell) {
				continue
			}
			h, there, err := homeOf(ctx, sys, u)
			if err != nil {
				return err
			}
			if there {
				all = append(all, h)
			} else {
				v.Absent(h.about("", "not there"))
			}
		}
		if len(all) == 0 {
			v.Say("nobody has a home folder")
		}
		for _, h := range all {
			a.judge(v, h)
		}
		return nil
	}), nil
}

// home is the home folder of a user. Without a name it has no absolute path.
type home struct {
	user *passwd.User
	name string // of the folder in the tree; empty where there is none
	mode fs.FileMode
	uid  uint32 // its owner
}

func homeOf(ctx context.Context, sys *inventory.System, u *passwd.User) (h home, there bool, err error) {
	h.user = u
	name, ok := inTree(u.Home)
	if !ok {
		return h, true, nil
	}
	f, err := files.Follow(ctx, sys, name)
	if h.name, h.mode, h.uid = name, f.Mode, f.UID; inventory.IsAbsent(err, name) {
		return h, false, nil
	}
	if err == nil && !f.Owned() {
		err = fmt.Errorf("%s: its owner and permissions are not known: %w", name, inventory.ErrUnavailable)
	}
	return h, true, err
}

func (h home) about(want, got string) check.Evidence {
	return check.Evidence{Position: inventory.Position{Source: h.name}, Subject: "home of " + h.user.Name, Want: want, Got: got}
}

// judge judges a home folder. Each thing that is wrong with it is a piece of evidence.
func (a HomesPrivate) judge(v *check.Verdict, h home) {
	switch {
	case h.name == "":
		v.Bad(about(*h.user, "a home folder of its own", "no absolute path"))
		return
	case !h.mode.IsDir():
		v.Bad(h.about("a folder", "something else"))
		return
	}
	owner, limit := fmt.Sprintf("owner %d", h.user.UID), "mode "+a.MaxMode.String()+" or less"
	mode := file.ModeOf(h.mode)
	owned, private := h.uid == h.user.UID, mode&0o777&^*a.MaxMode == 0
	if !owned {
		v.Bad(h.about(owner, fmt.Sprint(h.uid)))
	}
	if !private {
		v.Bad(h.about(limit, mode.String()))
	}
	if owned && private {
		v.Good(h.about(owner+", "+limit, fmt.Sprintf("owner %d, mode %s", h.uid, mode)))
	}
}

// inTree returns an absolute path as a name in the tree.
func inTree(name string) (string, bool) {
	if !strings.HasPrefix(name, "/") || strings.ContainsRune(name, 0) {
		return "", false
	}
	if name = strings.TrimPrefix(path.Clean(name), "/"); name == "" {
		name = "."
	}
	return name, true
}

// NoTrustFiles is the kind account.no-trust-files. It requires that nobody trusts other hosts by a
// file, or keeps passwords for them in one: .rhosts, .shosts and .netrc in the home folder of any
// account, and the lists of trusted hosts of the system. A link to /dev/null is none.
type NoTrustFiles struct{}

var (
	trustAtHome = []string{".rhosts", ".shosts", ".netrc"}
	trustOfAll  = []string{"etc/hosts.equiv", "etc/shosts.equiv", "etc/ssh/shosts.equiv"}
)

const trusts = "it is there"

// Check returns the check.
func (NoTrustFiles) Check() (check.Check, error) {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		users, err := passwd.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		names := trustFiles(users)
		found := make([]string, len(names))
		for i, name := range names {
			if found[i], err = trusted(ctx, sys, name); err != nil {
				return err
			}
		}
		for i, name := range names {
			v.Judge(found[i] != trusts, check.Evidence{Position: inventory.Position{Source: name}, Subject: path.Base(name), Want: "no such file", Got: found[i]})
		}
		return nil
	}), nil
}

// trustFiles returns the names of all files that are looked for.
func trustFiles(users []passwd.User) []string {
	names := append(make([]string, 0, len(trustOfAll)+len(users)*len(trustAtHome)), trustOfAll...)
	for _, u := range users {
		home, ok := inTree(u.Home)
		if !ok || home == "proc" || home == "sys" || strings.HasPrefix(home, "proc/") || strings.HasPrefix(home, "sys/") {
			continue // no such file can be there
		}
		if home += "/"; home == "./" {
			home = ""
		}
		for _, last := range trustAtHome {
			names = append(names, home+last)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// trusted tells what is found at a name, [trusts] where it is a file of trust.
func trusted(ctx context.Context, sys *inventory.System, name string) (string, error) {
	f, err := files.Look(ctx, sys, name)
	if errors.Is(err, fs.ErrNotExist) { // nor the home folder, perhaps
		return "not there", nil
	}
	if err != nil || !f.IsLink() {
		return trusts, err
	}
	target, err := files.ReadTarget(ctx, sys, name)
	if target == "/dev/null" {
		return "a link to /dev/null", err
	}
	return trusts, err
}
