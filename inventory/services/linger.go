package services

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
)

// linger is the folder with a file for each user whose manager starts at boot, loginctl(1).
const linger = "var/lib/systemd/linger"

// userUnits are the folders of systemd.unit(5) for the units of all users.
var userUnits = []string{"etc/systemd/user", "usr/local/lib/systemd/user", "usr/lib/systemd/user"}

// addUserServices adds the units that the managers of users start who linger. A system without such
// users is asked nothing else.
func (y *Services) addUserServices(ctx context.Context, s *inventory.System) error {
	users, err := readFolder(ctx, s, linger)
	if err != nil || len(users) == 0 {
		return err
	}
	all, err := passwd.Fact.Of(ctx, s)
	if err != nil && !errors.Is(err, inventory.ErrAbsent) {
		return err
	}
	homes := map[string]string{}
	for _, a := range all {
		homes[a.Name] = strings.Trim(a.Home, "/")
	}
	for _, user := range users {
		dirs := userUnits
		if home := homes[user.Name()]; home != "" {
			dirs = append([]string{home + "/.config/systemd/user", home + "/.local/share/systemd/user"}, userUnits...)
		}
		for _, dir := range dirs {
			if err := y.addUserFolder(ctx, s, dir); err != nil {
				return err
			}
		}
	}
	return nil
}

// addUserFolder adds what the links in folders such as default.target.wants name.
func (y *Services) addUserFolder(ctx context.Context, s *inventory.System, dir string) error {
	targets, err := readFolder(ctx, s, dir)
	if err != nil {
		return err
	}
	for _, t := range targets {
		if !strings.HasSuffix(t.Name(), ".wants") && !strings.HasSuffix(t.Name(), ".requires") || !t.IsDir() {
			continue
		}
		links, err := readFolder(ctx, s, dir+"/"+t.Name())
		if err != nil {
			return err
		}
		for _, l := range links {
			y.users = append(y.users, Service{Name: l.Name(), ID: l.Name(), Perhaps: true,
				Position: inventory.Position{Source: dir + "/" + t.Name() + "/" + l.Name()},
				How:      "started at boot for a user who lingers"})
		}
	}
	return nil
}

// readFolder returns the entries of a folder. A missing one has none.
func readFolder(ctx context.Context, s *inventory.System, dir string) ([]fs.DirEntry, error) {
	all, err := s.ReadDir(ctx, dir)
	if inventory.IsAbsent(err, dir) {
		return nil, nil
	}
	return all, err
}
