// Package environment reads the variables that sessions begin with, from etc/environment,
// pam_env(8).
package environment

import (
	"context"
	"fmt"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/shellvar"
	"github.com/hardening-sdk/hardening/inventory"
)

// File is the path of the file.
const File = "etc/environment"

// Fact returns the variables of the file in their order. Without the file there are none.
var Fact = inventory.NewFact("environment", collect)

func collect(ctx context.Context, s *inventory.System) ([]inventory.Setting, error) {
	all, err := inventory.ParseFile(ctx, s, File, Parse)
	if inventory.IsAbsent(err, File) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Source = File
	}
	return all, nil
}

// Parse reads the text of the file. Lines that set no variable are skipped, as the module does.
// The Source is left empty. More variables than anybody has are [inventory.ErrLimit].
func Parse(b []byte) ([]inventory.Setting, error) {
	all := []inventory.Setting{}
	var left budget.Budget
	for v, err := range shellvar.All(b) {
		if err != nil {
			continue
		}
		if err := left.Items(1); err != nil {
			return nil, fmt.Errorf("line %d: %w", v.Line, err)
		}
		all = budget.Append(all, inventory.Setting{Name: v.Key, Value: v.Value,
			Position: inventory.Position{Line: v.Line}})
	}
	return all, nil
}
