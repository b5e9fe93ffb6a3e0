"""Terms of the field, one sentence each, and the words by which sentences mention them."""

TERMS = {
    "epoch": (
        "epochs|epoch",
        "One pass over all the training points. Each curve has one value an epoch.",
    ),
    "update": (
        "updates|update",
        "One correction of the network, made after looking at one batch of points.",
    ),
    "loss": (
        "losses|loss",
        "How wrong the network is, in one number: the lower, the better. Training pushes it down.",
    ),
    "train": (
        "training|train",
        "The network learns from the training points, and from no others; figures called “train” are taken on these.",
    ),
    "test": (
        "test",
        "Points that the network never learns from: they show how well it does on something new.",
    ),
    "seed": (
        "seeds|seed",
        "The number behind all random choices. Another seed starts from other weights and takes the points in another order, so it shows what is chance.",
    ),
    "gradient": (
        "gradients|gradient",
        "Which way, and how steeply, the loss rises with each weight. Training steps the other way.",
    ),
    "weights": (
        "weights|weight",
        "The numbers inside the network. Learning means changing them until the answers are right.",
    ),
    "momentum": (
        "momenta|momentum",
        "How much of the last step is kept for the next one, as with a ball that rolls downhill.",
    ),
    "learning_rate": (
        "learning rates|learning rate|rates|rate",
        "How large a step each correction of the network is.",
    ),
    "batch": (
        "batches|batch",
        "The handful of points that the network looks at before it corrects itself once.",
    ),
    "accuracy": (
        "accuracies|accuracy",
        "The share of points that the network puts into the right class.",
    ),
    "overfitting": (
        "overfitting|overfits",
        "The network learns its training points by heart and gets worse on new ones.",
    ),
    "schedule": (
        "schedules|schedule",
        "The plan by which the learning rate changes while the network learns.",
    ),
    "plateau": (
        "plateaus|plateau",
        "A stretch of epochs in which nothing gets better any more.",
    ),
    "patience": (
        "patience",
        "How many epochs without progress go by before the learning rate is cut.",
    ),
    "decay": (
        "decays|decay",
        "How quickly the learning rate shrinks, a little with every update.",
    ),
    "optimizer": (
        "optimizers|optimizer",
        "The rule that makes a step of the weights out of the gradient, such as SGD or Adam.",
    ),
    "compiled": (
        "compiled engine",
        "It trains the very Keras model, all updates of a run in one compiled program: the same figures, about a thousand times as fast as Keras’s own fit.",
    ),
    "chaos": (
        "chaos",
        "A difference in the seventh digit that grows with every update, until two computations of the same training go ways of their own.",
    ),
}
WORDS = {
    **{name: sentence for name, (_, sentence) in TERMS.items()},
    **{f"{name}_mentions": mentions for name, (mentions, _) in TERMS.items()},
}
