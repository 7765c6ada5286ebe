namespace DropboxOktaProvisioning.Packer;

/// <summary>Why no package is made.</summary>
internal sealed class PackException(string message) : Exception(message);
