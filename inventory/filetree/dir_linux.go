package filetree

// Dir returns the tree below a folder: an unbooted system, such as a mounted image, or a
// running one that is seen from inside a container. Links are resolved inside it.
func Dir(root string) (FS, error) {
	f, err := newLinuxFS(root, false)
	if err != nil {
		return nil, err // not f, which would be no nil FS
	}
	return f, nil
}
