package file

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/internal/glob"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/group"
	"github.com/hardening-sdk/hardening/inventory/accounts/nsswitch"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// question is what is asked of the whole tree.
type question struct {
	subject string       // what is judged
	none    string       // what no subject is but those that are judged one by one
	want    string       // of each
	needs   filetree.Has // what has to be real in the tree
	except  []string     // folders that, with all below them, are not asked for

	// pick returns the entries that are judged one by one, of as many as it says.
	pick func(*files.Survey) (some []filetree.Entry, all int)
	// judge returns what is found of an entry, and whether it is as wanted.
	judge func(e filetree.Entry, name string) (got string, good bool)
}

func (q question) examine(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
	s, err := survey(ctx, sys, q.except)
	if err != nil || !q.fits(s, v) {
		return err
	}
	q.verdict(s, v)
	return nil
}

// survey returns the survey of the tree. That a folder was left out of the walk does no harm
// where the rule excepts it.
func survey(ctx context.Context, sys *inventory.System, except []string) (*files.Survey, error) {
	v, err := files.Fact.Of(ctx, sys)
	if err != nil {
		return nil, err
	}
	for _, name := range v.LeftOut {
		if below(name, except) {
			sys.Excuse(name)
		}
	}
	return v, nil
}

// root is the source of what is said of the whole tree.
const root = "."

// fits reports whether the tree tells what is needed, and else says what that means.
func (q question) fits(s *files.Survey, v *check.Verdict) bool {
	switch {
	case s.Has&q.needs != q.needs:
		v.Err(fmt.Errorf("the tree does not know modes, owners or attributes: %w", inventory.ErrUnavailable))
	case s.Entries <= 1: // the root alone
		v.Say("the tree is empty")
		v.Absent(check.Evidence{Position: inventory.Position{Source: root}, Subject: q.subject})
	default:
		return true
	}
	return false
}

// verdict judges the entries that may be in breach; of the others one piece of evidence tells.
func (q question) verdict(s *files.Survey, v *check.Verdict) {
	some, all := q.pick(s)
	bad := 0
	for _, e := range some {
		name := e.Name()
		got, good := q.judge(e, name)
		if !good {
			bad++
		}
		v.Judge(good, about(name, q.want, got))
	}
	if bad > 0 {
		v.Say(fmt.Sprintf("%d of %d", bad, all))
		return
	}
	v.Say(fmt.Sprintf("%d judged", all))
	if rest := all - len(some); rest > 0 || all == 0 {
		v.Good(check.Evidence{Position: inventory.Position{Source: root}, Subject: q.subject, Want: q.want, Got: fmt.Sprintf("none of %d %s", rest, q.none)})
	}
}

// below reports whether name is one of the folders or lies below one.
func below(name string, folders []string) bool {
	return slices.ContainsFunc(folders, func(f string) bool {
		rest, ok := strings.CutPrefix(name, f)
		return ok && (rest == "" || rest[0] == '/')
	})
}

func validNames(names []string) error {
	for _, n := range names {
		if !filetree.ValidName(n) {
			return fmt.Errorf("%q is no name in a tree; leave out the first slash", n)
		}
	}
	return nil
}

// WorldWritable is the kind file.world-writable. It requires that no regular file may be written to
// by everybody.
type WorldWritable struct {
	Except []string `doc:"files, and folders with all below them, that are not judged"`
}

// Check returns the check.
func (a WorldWritable) Check() (check.Check, error) {
	return check.Func(question{
		subject: "regular files", none: "may be written to by everybody", want: "not writable by everybody",
		needs: filetree.HasMode, except: a.Except,
		pick:  func(s *files.Survey) ([]filetree.Entry, int) { return s.Writable, s.Files },
		judge: modeUnlessBelow(a.Except),
	}.examine), validNames(a.Except)
}

// modeUnlessBelow returns a judge to whom all but what is excepted is in breach.
func modeUnlessBelow(except []string) func(filetree.Entry, string) (string, bool) {
	return func(e filetree.Entry, name string) (string, bool) {
		got := "mode " + ModeOf(e.Mode()).String()
		if below(name, except) {
			return got + ", which is excepted", true
		}
		return got, false
	}
}

// Sticky is the kind file.sticky. It requires that in each folder that everybody may write to only
// the owner of a file can remove it: the folder has the sticky bit.
type Sticky struct {
	Except []string `doc:"folders that, with all below them, are not judged"`
}

// Check returns the check.
func (a Sticky) Check() (check.Check, error) {
	return check.Func(question{
		subject: "folders", none: "may be written to by everybody without the sticky bit", want: "the sticky bit, or not writable by everybody",
		needs: filetree.HasMode, except: a.Except,
		pick:  func(s *files.Survey) ([]filetree.Entry, int) { return s.Open, s.Folders },
		judge: modeUnlessBelow(a.Except),
	}.examine), validNames(a.Except)
}

// Setuid is the kind file.setuid. It requires that no file but the expected ones runs with the
// rights of its owner or group: regular files with the bits 4000 or 2000 that somebody may
// execute.
type Setuid struct {
	Allow []string `yaml:"allow,required" doc:"patterns of path.Match for whole names of files that may; the folder usr is left out on both sides, so that bin/su is usr/bin/su as well"`
}

// Check returns the check.
func (a Setuid) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	return check.Func(question{
		subject: "regular files", none: "has a setuid or setgid bit", want: "no setuid or setgid bit, or a place among the expected",
		needs: filetree.HasMode,
		pick:  func(s *files.Survey) ([]filetree.Entry, int) { return s.Setuid, s.Files },
		judge: func(e filetree.Entry, name string) (string, bool) {
			return expected("mode "+ModeOf(e.Mode()).String(), name, a.Allow)
		},
	}.examine), validPatterns(a.Allow)
}

// expected returns what was found of a file and whether a pattern expects it.
func expected(got, name string, allow []string) (string, bool) {
	if listed(name, allow) {
		return got + ", which is expected", true
	}
	return got, false
}

// listed reports whether a pattern matches name, the folder usr left out of both.
func listed(name string, patterns []string) bool {
	name = strings.TrimPrefix(name, "usr/")
	return slices.ContainsFunc(patterns, func(p string) bool {
		return glob.Match(strings.TrimPrefix(p, "usr/"), name)
	})
}

func validPatterns(all []string) error {
	for _, p := range all {
		if _, err := path.Match(p, ""); err != nil || !filetree.ValidName(p) {
			return fmt.Errorf("%q is no pattern of names in a tree; leave out the first slash", p)
		}
	}
	return nil
}

// Capabilities is the kind file.capabilities. It requires that no file but the expected ones has
// capabilities of its own, capabilities(7).
type Capabilities struct {
	Allow []string `doc:"patterns of path.Match for whole names of files that may have some, as those of file.setuid"`
}

// Check returns the check.
func (a Capabilities) Check() (check.Check, error) {
	return check.Func(question{
		subject: "regular files", none: "has capabilities", want: "no capabilities, or a place among the expected",
		needs: filetree.HasXattr,
		pick:  func(s *files.Survey) ([]filetree.Entry, int) { return s.Capable, s.Files },
		judge: func(e filetree.Entry, name string) (string, bool) {
			return expected(permitted(e.Capabilities()), name, a.Allow)
		},
	}.examine), validPatterns(a.Allow)
}

// permitted says which capabilities the attribute permits, as a mask in hexadecimal:
// struct vfs_cap_data of linux/capability.h, a magic number, then pairs of permitted and
// inheritable words.
func permitted(b []byte) string {
	const pair = 8
	switch {
	case len(b) >= 4+2*pair:
		mask := uint64(binary.LittleEndian.Uint32(b[4:])) | uint64(binary.LittleEndian.Uint32(b[4+pair:]))<<32
		return fmt.Sprintf("capabilities %#x", mask)
	case len(b) >= 4+pair:
		return fmt.Sprintf("capabilities %#x", binary.LittleEndian.Uint32(b[4:]))
	}
	return "capabilities in an unknown form"
}

// Unowned is the kind file.unowned. It requires that every file belongs to a user and a group that
// exist. Where accounts also come from a directory service, an owner that is not in the files may
// be one of them, and the check gives no verdict on it.
type Unowned struct {
	Except []string `doc:"folders that, with all below them, are not judged, such as those of containers"`
}

// The user IDs that systemd gives to services for as long as they run (systemd.exec(5),
// DynamicUser=); their files stay.
const dynamicMin, dynamicMax = 61184, 65519

// Check returns the check.
func (a Unowned) Check() (check.Check, error) {
	return check.Func(a.examine), validNames(a.Except)
}

func (a Unowned) examine(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
	users, errU := passwd.Fact.Of(ctx, sys)
	groups, errG := group.Fact.Of(ctx, sys)
	switched, errN := nsswitch.Fact.Of(ctx, sys)
	s, errT := survey(ctx, sys, a.Except)
	if err := errors.Join(errU, errG, errN, errT); err != nil {
		return err
	}
	strangers := strangersOf(s, users, groups)
	ownerOf := func(e filetree.Entry) string { return strangers[files.Owner{UID: e.UID(), GID: e.GID()}] }
	some := s.OwnedBy(func(o files.Owner) bool { _, ok := strangers[o]; return ok })
	q := question{
		subject: "files and folders", none: "belongs to a user or group that does not exist", want: "an owner and a group that exist",
		needs: filetree.HasOwner,
		pick:  func(s *files.Survey) ([]filetree.Entry, int) { return some, s.Entries },
		judge: func(e filetree.Entry, name string) (string, bool) {
			if below(name, a.Except) {
				return ownerOf(e) + ", which is excepted", true
			}
			return ownerOf(e), false
		},
	}
	if !q.fits(s, v) {
		return nil
	}
	if !switched.Local("passwd") || !switched.Local("group") {
		for _, e := range some {
			if name := e.Name(); !below(name, a.Except) {
				return fmt.Errorf("%s belongs to an account that only the directory service of nsswitch.conf may know: %w", name, inventory.ErrUnavailable)
			}
		}
	}
	q.verdict(s, v)
	return nil
}

// strangersOf returns the owners of files that no account is, and what they are.
func strangersOf(v *files.Survey, users []passwd.User, groups []group.Group) map[files.Owner]string {
	uids, gids := map[uint32]bool{}, map[uint32]bool{}
	for _, u := range users {
		uids[u.UID] = true
	}
	for _, g := range groups {
		gids[g.GID] = true
	}
	all := map[files.Owner]string{}
	for o := range v.Owners {
		switch {
		case !known(uids, o.UID):
			all[o] = "user " + strconv.FormatUint(uint64(o.UID), 10)
		case !known(gids, o.GID):
			all[o] = "group " + strconv.FormatUint(uint64(o.GID), 10)
		}
	}
	return all
}

func known(ids map[uint32]bool, id uint32) bool {
	return ids[id] || id >= dynamicMin && id <= dynamicMax
}
