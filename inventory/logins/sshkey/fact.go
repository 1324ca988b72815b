package sshkey

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/logins/sshd"
)

// File is an authorized_keys file of one user.
type File struct {
	User passwd.User
	Name string // the path of the file
	Mode fs.FileMode
	UID  uint32
	// Known means that the tree knows Mode and UID.
	Known bool
	Keys  []Key
	// Mistakes joins the lines that are not keys. sshd skips them.
	Mistakes error
}

// Authorized returns the files whose keys let users log in over SSH. These are the files that
// AuthorizedKeysFile of sshd_config(5) names for each account, in general and in Match blocks. Keys
// from a program, AuthorizedKeysCommand, are not among them. Without an SSH server Authorized
// returns [inventory.ErrAbsent].
var Authorized = inventory.NewFact("authorized_keys", collectAuthorized)

func collectAuthorized(ctx context.Context, s *inventory.System) ([]File, error) {
	c, err := sshd.Fact.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	values, err := c.Values("AuthorizedKeysFile")
	if err != nil {
		return nil, err
	}
	users, err := passwd.Fact.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	var all []File
	seen := map[string]bool{}
	patterns := splitPatterns(values)
	if len(patterns) > maxPatterns {
		return nil, fmt.Errorf("%s: AuthorizedKeysFile names more than %d files: %w", values[0].Place(), maxPatterns, inventory.ErrLimit)
	}
	for _, u := range users {
		// A file is read once, also if several patterns stand for it.
		for _, pattern := range patterns {
			name, ok := expand(pattern, u)
			if !ok || seen[name] {
				continue
			}
			seen[name] = true
			f, err := readFile(ctx, s, u, name)
			if inventory.IsAbsent(err, name) {
				continue
			}
			if err != nil {
				return nil, err
			}
			all = budget.Append(all, f)
		}
	}
	return all, nil
}

// maxPatterns is how many files sshd accepts, SSH_MAX_AUTHKEYS_FILES of OpenSSH before 9.0.
const maxPatterns = 256

// splitPatterns returns the different patterns of all values.
func splitPatterns(values []sshd.Value) []string {
	var all []string
	seen := map[string]bool{}
	for _, v := range values {
		for pattern := range strings.FieldsSeq(v.Value) {
			if !seen[pattern] {
				seen[pattern] = true
				all = append(all, pattern)
			}
		}
	}
	return all
}

// expand returns the path that a pattern stands for with a user, by TOKENS of sshd_config(5). It
// returns false where there is none.
func expand(pattern string, u passwd.User) (string, bool) {
	if pattern == "none" || u.Home == "" || !strings.HasPrefix(u.Home, "/") {
		return "", false
	}
	name := pattern
	if strings.Contains(pattern, "%") {
		name = replaceTokens(pattern, u)
	}
	if len(u.Home)+len(name) > maxPath {
		return "", false
	}
	if !strings.HasPrefix(name, "/") {
		name = u.Home + "/" + name
	}
	name = strings.TrimPrefix(path.Clean(name), "/")
	return name, filetree.ValidName(name) && name != "."
}

// maxPath is PATH_MAX of Linux. There is no file of a longer name.
const maxPath = 4096

// replaceTokens replaces the tokens of a pattern. It stops at a name that is too long.
func replaceTokens(pattern string, u passwd.User) string {
	var b strings.Builder
	for pattern != "" && b.Len() <= maxPath {
		before, after, ok := strings.Cut(pattern, "%")
		b.WriteString(before)
		switch {
		case strings.HasPrefix(after, "%"):
			b.WriteByte('%')
		case strings.HasPrefix(after, "h"):
			b.WriteString(u.Home)
		case strings.HasPrefix(after, "u"):
			b.WriteString(u.Name)
		case strings.HasPrefix(after, "U"):
			b.WriteString(strconv.FormatUint(uint64(u.UID), 10))
		case ok:
			b.WriteByte('%')
			pattern = after
			continue
		}
		pattern = after[min(1, len(after)):]
	}
	return b.String()
}

// readFile reads the authorized_keys file of a user.
func readFile(ctx context.Context, s *inventory.System, u passwd.User, name string) (File, error) {
	info, err := s.Stat(ctx, name)
	if err != nil {
		return File{}, err
	}
	b, err := s.ReadText(ctx, name)
	if err != nil {
		return File{}, err
	}
	id := filetree.SysOf(info)
	f := File{User: u, Name: name, Mode: info.Mode(), UID: id.UID}
	f.Known = id.Has&filetree.HasMode != 0 && id.Has&filetree.HasOwner != 0
	keys, err := Parse(b)
	if err != nil {
		f.Mistakes = fmt.Errorf("%s: %w", name, err)
	}
	for i := range keys {
		keys[i].User, keys[i].Source = u.Name, name
	}
	f.Keys = keys
	return f, nil
}

// Host returns the public keys of the server. They are in files beside its private keys, which
// HostKey of sshd_config(5) names. Without HostKey, or without a server, the private keys are
// etc/ssh/ssh_host_*_key. Private keys are never read. One without a public key beside it is
// [inventory.ErrUnavailable].
var Host = inventory.NewFact("host keys", collectHost)

func collectHost(ctx context.Context, s *inventory.System) ([]Key, error) {
	privates, err := listHostKeys(ctx, s)
	if err != nil {
		return nil, err
	}
	all := []Key{}
	for _, private := range privates {
		name := strings.TrimSuffix(private, ".pub") + ".pub" // HostKey may name the public key of an agent
		keys, err := inventory.ParseFile(ctx, s, name, Parse)
		if inventory.IsAbsent(err, name) {
			if _, errP := s.Lstat(ctx, private); inventory.IsAbsent(errP, private) {
				continue // sshd ignores it
			}
			err = fmt.Errorf("%s: no public key lies beside it: %w", private, inventory.ErrUnavailable)
		}
		if err != nil {
			return nil, err
		}
		for i := range keys {
			keys[i].Source = name
		}
		all = append(all, keys...)
	}
	return all, nil
}

// listHostKeys returns the paths of the server's private keys.
func listHostKeys(ctx context.Context, s *inventory.System) ([]string, error) {
	c, err := sshd.Fact.Of(ctx, s)
	var named []string
	switch {
	case errors.Is(err, inventory.ErrAbsent):
	case err != nil:
		return nil, err
	default:
		values, err := c.Values("HostKey")
		if err != nil {
			return nil, err
		}
		for _, v := range values {
			named = append(named, strings.Fields(v.Value)...)
		}
	}
	if len(named) == 0 {
		return listFolderKeys(ctx, s)
	}
	for i, name := range named {
		if !strings.HasPrefix(name, "/") {
			return nil, fmt.Errorf("HostKey has a name without its folder: %w", inventory.ErrUnavailable)
		}
		named[i] = strings.TrimPrefix(path.Clean(name), "/")
	}
	slices.Sort(named)
	return slices.Compact(named), nil
}

// listFolderKeys returns the keys of a server without HostKey.
func listFolderKeys(ctx context.Context, s *inventory.System) ([]string, error) {
	var all []string
	for _, pattern := range []string{"etc/ssh/ssh_host_*_key", "etc/ssh/ssh_host_*_key.pub"} {
		names, err := s.Glob(ctx, pattern)
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			all = append(all, strings.TrimSuffix(n, ".pub"))
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}
