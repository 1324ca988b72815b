package nftables

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Fact is the ruleset that nft loads from the file of the key, such as etc/nftables.conf, and from
// the files it includes. An included file that is missing is an error unless a pattern names it,
// as nft then loads nothing.
var Fact = inventory.NewKeyed("nftables", collect)

func collect(ctx context.Context, s *inventory.System, name string) (*Ruleset, error) {
	b, err := s.ReadText(ctx, name)
	if err != nil {
		return nil, err
	}
	return Parse(File{name, b}, func(p string) ([]File, error) { return readIncluded(ctx, s, p) })
}

// readIncluded reads the files that the path of an include stands for. A relative path starts at
// /etc, the folder that nft is built with. A path that starts with "./" is an error, since it
// starts at the working directory of nft, which is not known.
func readIncluded(ctx context.Context, s *inventory.System, p string) ([]File, error) {
	if strings.HasPrefix(p, "./") || strings.HasPrefix(p, "../") {
		return nil, fmt.Errorf("an include from where nft is called: %w", inventory.ErrUnavailable)
	}
	if !path.IsAbs(p) {
		p = "/etc/" + p
	}
	if strings.HasSuffix(p, "/") {
		return nil, fmt.Errorf("an include of a folder: %w", inventory.ErrUnavailable)
	}
	p = strings.TrimPrefix(path.Clean(p), "/")
	names := []string{p}
	wild := strings.ContainsAny(p, "*?[")
	if wild {
		var err error
		if names, err = s.Glob(ctx, p); err != nil {
			return nil, err
		}
	}
	var all []File
	for _, name := range names {
		info, err := s.Stat(ctx, name)
		if err != nil {
			return nil, err
		}
		if wild && info.IsDir() {
			continue // nft ignores it
		}
		if !info.Mode().IsRegular() {
			return nil, &fs.PathError{Op: "read", Path: name, Err: filetree.ErrIrregular}
		}
		b, err := s.ReadText(ctx, name)
		if err != nil {
			return nil, err
		}
		all = append(all, File{name, b})
	}
	return all, nil
}
