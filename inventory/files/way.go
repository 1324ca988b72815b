package files

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// maxLinks is how many links a name may lead through, as of Linux, path_resolution(7).
const maxLinks = 40

var errLinks = errors.New("too many links on the way")

// FindWay returns the folders by which a name is found, those that links on the way lead to as
// well, and the file that it comes to last: whoever can change one of them can put another
// file in its place. The root of the tree is not among them. Where a part is missing the way
// ends there.
func FindWay(ctx context.Context, s *inventory.System, name string) ([]string, error) {
	var all []string
	at, rest, links := "", path.Clean(name), 0
	for rest != "" {
		var part string
		part, rest, _ = strings.Cut(rest, "/")
		switch part {
		case "", ".":
			continue
		case "..":
			if at = path.Dir(at); at == "." {
				at = ""
			}
			continue
		}
		next := path.Join(at, part)
		f, err := Look(ctx, s, next)
		if inventory.IsAbsent(err, next) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if !f.IsLink() {
			all, at = append(all, next), next
			continue
		}
		if links++; links > maxLinks {
			return nil, fmt.Errorf("%s: %w", name, errLinks)
		}
		target, err := ReadTarget(ctx, s, next)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(target, "/") {
			at = ""
		}
		rest = target + "/" + rest
	}
	return all, nil
}
