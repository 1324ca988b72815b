package patch

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/platforms/winos"
)

// SupportedWindows asks that the release of Windows still gets security updates on the day
// of the scan. The last day counts as supported. A release that is not in the table is no
// pass.
type SupportedWindows struct {
	// Releases is the last day of support by product and build, such as server/20348.
	// Products are server and client; they share builds and not their support.
	Releases map[string]Date `yaml:"releases,required"`
}

// Check makes the check.
func (a SupportedWindows) Check() (check.Check, error) {
	if len(a.Releases) == 0 {
		return nil, errors.New("releases must not be empty")
	}
	for key := range a.Releases {
		product, build, _ := strings.Cut(key, "/")
		if _, err := strconv.ParseUint(build, 10, 32); err != nil || product != "server" && product != "client" {
			return nil, fmt.Errorf("%q is no release, want server/BUILD or client/BUILD", key)
		}
	}
	return check.OldFunc(func(ctx context.Context, sys *inventory.System) check.Result {
		r, err := winos.Fact.Of(ctx, sys)
		if err != nil {
			return check.FromError(err)
		}
		return a.judge(r, sys.Now())
	}), nil
}

func (a SupportedWindows) judge(r winos.Release, now time.Time) check.Result {
	if r.Product() == "" {
		return check.FromError(fmt.Errorf("whether %s is a server is not known: %w", r, inventory.ErrUnavailable))
	}
	id := r.Product() + "/" + strconv.FormatUint(r.Build, 10)
	end, ok := a.Releases[id]
	if !ok {
		return check.FromError(fmt.Errorf("until when %s is supported is not known: %w", id, inventory.ErrUnavailable))
	}
	return until(end.Time, now, check.Evidence{Position: inventory.Position{Source: winos.Key}, Subject: r.String()})
}
