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

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/logins/sshd"
)

// File is an authorized_keys file of one user.
type File struct {
	User passwd.User
	Name string
	Mode fs.FileMode
	UID  uint32
	// Known says that the tree tells mode and owner.
	Known bool
	Keys  []Key
	// Mistakes are the lines that are no key, which sshd passes over.
	Mistakes error
}

// Authorized is the files whose keys let somebody in over SSH: of each account those that
// AuthorizedKeysFile of sshd_config(5) names, in general and in Match blocks. A system
// without an SSH server answers [inventory.ErrAbsent]; keys that a program brings, by
// AuthorizedKeysCommand, are not among them.
var Authorized = inventory.NewFact("authorized_keys", func(ctx context.Context, s *inventory.System) ([]File, error) {
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
	for _, u := range users {
		for _, v := range values {
			for _, pattern := range strings.Fields(v.Value) {
				name, ok := expand(pattern, u)
				if !ok || seen[name] {
					continue
				}
				seen[name] = true
				f, err := file(ctx, s, u, name)
				if inventory.IsAbsent(err, name) {
					continue
				}
				if err != nil {
					return nil, err
				}
				all = append(all, f)
			}
		}
	}
	return all, nil
})

// expand answers the name in the tree that a pattern stands for with a user, sshd_config(5),
// under TOKENS.
func expand(pattern string, u passwd.User) (string, bool) {
	if pattern == "none" || u.Home == "" || !strings.HasPrefix(u.Home, "/") {
		return "", false
	}
	name := strings.NewReplacer("%%", "%", "%h", u.Home, "%u", u.Name, "%U", strconv.FormatUint(uint64(u.UID), 10)).Replace(pattern)
	if !strings.HasPrefix(name, "/") {
		name = u.Home + "/" + name
	}
	name = strings.TrimPrefix(path.Clean(name), "/")
	return name, filetree.ValidName(name) && name != "."
}

func file(ctx context.Context, s *inventory.System, u passwd.User, name string) (File, error) {
	info, err := s.Stat(ctx, name)
	if err != nil {
		return File{}, err
	}
	b, err := s.ReadFile(ctx, name)
	if err != nil {
		return File{}, err
	}
	id := filetree.SysOf(info)
	f := File{User: u, Name: name, Mode: info.Mode(), UID: id.UID, Known: id.Has&filetree.HasMode != 0 && id.Has&filetree.HasOwner != 0}
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

// Host is the public keys that lie beside the server's own, which HostKey of sshd_config(5)
// names; without it, or a server, those of etc/ssh/ssh_host_*_key. The private ones are never
// read: where one has no public key beside it, it is not known what it is.
var Host = inventory.NewFact("host keys", func(ctx context.Context, s *inventory.System) ([]Key, error) {
	privates, err := hostKeys(ctx, s)
	if err != nil {
		return nil, err
	}
	all := []Key{}
	for _, private := range privates {
		name := strings.TrimSuffix(private, ".pub") + ".pub" // of an agent it is named itself
		keys, err := inventory.ParseFile(ctx, s, name, Parse)
		if inventory.IsAbsent(err, name) {
			if _, errP := s.Lstat(ctx, private); inventory.IsAbsent(errP, private) {
				continue // sshd passes over it
			}
			err = fmt.Errorf("%s: no public key lies beside it: %w", private, inventory.ErrUnavailable)
		}
		if err != nil {
			return nil, err
		}
		for i := range keys {
			keys[i].Source = name
		}
		all = slices.Concat(all, keys)
	}
	return all, nil
})

// hostKeys answers the names of the server's private keys.
func hostKeys(ctx context.Context, s *inventory.System) ([]string, error) {
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
		return ofFolder(ctx, s)
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

// ofFolder answers the keys that a server has without HostKey.
func ofFolder(ctx context.Context, s *inventory.System) ([]string, error) {
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
