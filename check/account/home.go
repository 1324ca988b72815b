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
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/files"
)

// nologin are shells that let nobody in.
var nologin = []string{"/usr/sbin/nologin", "/sbin/nologin", "/usr/bin/nologin", "/bin/false", "/usr/bin/false",
	"/bin/sync", "/sbin/shutdown", "/sbin/halt", "/dev/null"}

// HomesPrivate asks that the home folders of people belong to them and have no more than
// some permission bits. People are root and the accounts from UID_MIN of login.defs(5) on
// that have a login shell. A folder that is not there is passed over.
type HomesPrivate struct {
	MaxMode *file.Mode `yaml:"max-mode,required"`
}

// Check makes the check.
func (a HomesPrivate) Check() (check.Check, error) {
	if a.MaxMode == nil {
		return nil, errors.New("a mode")
	}
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		users, err := passwd.Fact.Of(ctx, sys)
		min, errMin := uidMin(ctx, sys)
		if err := errors.Join(err, errMin); err != nil {
			return check.FromError(err)
		}
		var found []check.Evidence
		judged := 0
		for _, u := range users {
			if u.UID != 0 && u.UID < min || u.UID == nobody || slices.Contains(nologin, u.Shell) {
				continue
			}
			bad, there, err := a.home(ctx, sys, u)
			if err != nil {
				return check.FromError(err)
			}
			if there {
				judged++
			}
			found = append(found, bad...)
		}
		if judged == 0 {
			return check.Absent("nobody has a home folder")
		}
		if len(found) == 0 {
			return check.Passed(fmt.Sprintf("%d judged", judged))
		}
		return breaches(found)
	}), nil
}

// breaches returns a Fail with evidence that was seen.
func breaches(all []check.Evidence) check.Result {
	r := check.Each(all, func(e check.Evidence) (check.Evidence, bool) { return e, true })
	r.Message = ""
	return r
}

// home judges the home folder of a user.
func (a HomesPrivate) home(ctx context.Context, sys *inventory.System, u passwd.User) (bad []check.Evidence, there bool, err error) {
	name, ok := inTree(u.Home)
	if !ok {
		return []check.Evidence{about(u, "a home folder of its own", "no absolute path")}, true, nil
	}
	f, err := files.Follow(ctx, sys, name)
	if inventory.IsAbsent(err, name) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if !f.Owned() {
		return nil, false, fmt.Errorf("%s: its owner and permissions are not known: %w", name, inventory.ErrUnavailable)
	}
	ev := func(want, got string) check.Evidence {
		return check.Evidence{Position: inventory.Position{Source: name}, Subject: "home of " + u.Name, Want: want, Got: got}
	}
	if !f.Mode.IsDir() {
		return []check.Evidence{ev("a folder", "something else")}, true, nil
	}
	if f.UID != u.UID {
		bad = append(bad, ev(fmt.Sprintf("owner %d", u.UID), fmt.Sprint(f.UID)))
	}
	if mode := file.ModeOf(f.Mode); mode&0o777&^*a.MaxMode != 0 {
		bad = append(bad, ev("mode "+a.MaxMode.String()+" or less", mode.String()))
	}
	return bad, true, nil
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

// NoTrustFiles asks that nobody trusts other hosts by a file, or keeps passwords for them in
// one: .rhosts, .shosts and .netrc in the home folder of any account, and the lists of trusted
// hosts of the system. A link to /dev/null is none.
type NoTrustFiles struct{}

var (
	trustAtHome = []string{".rhosts", ".shosts", ".netrc"}
	trustOfAll  = []string{"etc/hosts.equiv", "etc/shosts.equiv", "etc/ssh/shosts.equiv"}
)

// Check makes the check.
func (NoTrustFiles) Check() (check.Check, error) {
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		users, err := passwd.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		names := slices.Clone(trustOfAll)
		for _, u := range users {
			home, ok := inTree(u.Home)
			if !ok || home == "proc" || home == "sys" || strings.HasPrefix(home, "proc/") || strings.HasPrefix(home, "sys/") {
				continue // no such file can be there
			}
			for _, last := range trustAtHome {
				names = append(names, path.Join(home, last))
			}
		}
		slices.Sort(names)
		var bad []check.Evidence
		for _, name := range slices.Compact(names) {
			there, err := trusted(ctx, sys, name)
			if err != nil {
				return check.FromError(err)
			}
			if there {
				bad = append(bad, check.Evidence{Position: inventory.Position{Source: name}, Subject: path.Base(name), Want: "no such file", Got: "it is there"})
			}
		}
		if len(bad) == 0 {
			return check.Passed("")
		}
		return breaches(bad)
	}), nil
}

func trusted(ctx context.Context, sys *inventory.System, name string) (bool, error) {
	f, err := files.Look(ctx, sys, name)
	if errors.Is(err, fs.ErrNotExist) { // nor the home folder, perhaps
		return false, nil
	}
	if err != nil || !f.IsLink() {
		return err == nil, err
	}
	target, err := files.ReadTarget(ctx, sys, name)
	return target != "/dev/null", err
}
