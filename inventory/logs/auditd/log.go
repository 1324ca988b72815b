package auditd

import (
	"context"
	"errors"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Folder is the folder of the daemon's log.
type Folder struct {
	Name  string   // in the tree
	There bool     // the folder exists; it does not before the first record
	Files []string // the names in the tree of the log and its rotated files, sorted
}

// Log is the folder of log_file, auditd.conf(5). The error is [inventory.ErrAbsent] if the daemon
// is not installed.
var Log = inventory.NewFact("audit log", collectLog)

func collectLog(ctx context.Context, s *inventory.System) (Folder, error) {
	settings, err := Fact.Of(ctx, s)
	if err != nil {
		return Folder{}, err
	}
	log := strings.TrimPrefix(path.Clean(settings["log_file"].Value), "/")
	if !filetree.ValidName(log) || !strings.Contains(log, "/") {
		return Folder{}, errors.New("log_file of auditd.conf is no file in a folder")
	}
	f := Folder{Name: path.Dir(log)}
	entries, err := s.ReadDir(ctx, f.Name)
	if inventory.IsAbsent(err, f.Name) {
		return f, nil
	}
	if err != nil {
		return Folder{}, err
	}
	f.There = true
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), path.Base(log)) {
			f.Files = append(f.Files, f.Name+"/"+e.Name())
		}
	}
	return f, nil
}
