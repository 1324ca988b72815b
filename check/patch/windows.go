package patch

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/platforms/winos"
)

// SupportedWindows is the kind patch.supported-windows. It requires that the release of Windows
// still gets security updates on the day of the scan. The last day counts as supported. The check
// is Unknown if the release is not in Releases.
type SupportedWindows struct {
	// Releases maps a product and a build to the last day of support. The products are "server" and
	// "client", because the same build can have different dates for each.
	Releases map[string]Date `yaml:"releases,required" doc:"the last day of support by product and build, such as server/20348 or client/19045"`
}

// Check returns the check. It returns an error if the arguments are invalid.
func (a SupportedWindows) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Releases) == 0 {
		return nil, errors.New("releases must not be empty")
	}
	for key := range a.Releases {
		product, build, _ := strings.Cut(key, "/")
		if _, err := strconv.ParseUint(build, 10, 32); err != nil || product != "server" && product != "client" {
			return nil, fmt.Errorf("%q is no release, want server/BUILD or client/BUILD", key)
		}
	}
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		r, err := winos.Fact.Of(ctx, sys)
		if err != nil {
			return err
		}
		if r.Product() == "" {
			return fmt.Errorf("whether %s is a server is not known: %w", r, inventory.ErrUnavailable)
		}
		id := r.Product() + "/" + strconv.FormatUint(r.Build, 10)
		end, ok := a.Releases[id]
		if !ok {
			return fmt.Errorf("until when %s is supported is not known: %w", id, inventory.ErrUnavailable)
		}
		judgeEnd(v, end.Time, sys.Now(), check.Evidence{Position: inventory.Position{Source: winos.Key}, Subject: r.String()})
		return nil
	}), nil
}
