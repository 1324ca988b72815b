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

// Fact is what a file loads, such as etc/nftables.conf, together with what it includes. A
// file that it includes by its whole name and that is not there is an error, as nft then
// loads nothing.
var Fact = inventory.NewKeyed("nftables", func(ctx context.Context, s *inventory.System, name string) (*Ruleset, error) {
	b, err := s.ReadFile(ctx, name)
	if err != nil {
		return nil, err
	}
	return Parse(File{name, b}, func(p string) ([]File, error) { return included(ctx, s, p) })
})

// included answers the files of an include. A relative path starts at /etc, which is what
// nft was built with; one that starts with "./" starts at a folder that is not known.
func included(ctx context.Context, s *inventory.System, p string) ([]File, error) {
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
			continue // nft passes over it
		}
		if !info.Mode().IsRegular() {
			return nil, &fs.PathError{Op: "read", Path: name, Err: filetree.ErrIrregular}
		}
		b, err := s.ReadFile(ctx, name)
		if err != nil {
			return nil, err
		}
		all = append(all, File{name, b})
	}
	return all, nil
}
