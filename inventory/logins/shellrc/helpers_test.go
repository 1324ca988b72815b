package shellrc_test

import (
	"context"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/shellrc"
)

// profileOf returns the statements of etc/profile.
func profileOf(ctx context.Context, s *inventory.System) ([]shellrc.Statement, error) {
	return shellrc.File.Of(ctx, s, "etc/profile")
}
