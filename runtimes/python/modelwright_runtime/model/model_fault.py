class ModelFault(Exception):
    """Something that is wrong with a model and that its own code does not say: reported like an error it raised."""

    def __init__(self, kind, message):
        super().__init__(message)
        #: Stands where the class name of a raised error would.
        self.kind = kind
