"""Takes releases; gives Snapshots. Reads trees and blobs without a checkout; a bad repository costs only itself."""
