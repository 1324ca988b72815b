package filetree

// Host returns the tree of the machine that this process runs on, live.
func Host() (FS, error) {
	f, err := newLinuxFS("/", true)
	if err != nil {
		return nil, err // not f, which would be no nil FS
	}
	return f, nil
}
